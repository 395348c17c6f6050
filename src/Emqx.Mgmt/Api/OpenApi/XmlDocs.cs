using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>The XML comments of this assembly, as texts for the API's description.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    /// <summary>Reads the file that the compiler puts beside the assembly; without it everything is empty.</summary>
    public XmlDocs()
    {
        var file = Path.ChangeExtension(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(typeof(XmlDocs).Assembly.Location)), ".xml");
        if (!File.Exists(file))
            return;
        foreach (var member in XDocument.Load(file).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is { } name)
                _members[WithoutParameters(name)] = member;
        }
    }

    /// <summary>What a handler does.</summary>
    public string? SummaryOf(MethodInfo method) => Text(Find(method)?.Element("summary"));

    /// <summary>Further words on a handler.</summary>
    public string? RemarksOf(MethodInfo method) => Text(Find(method)?.Element("remarks"));

    /// <summary>What a handler's parameter is.</summary>
    public string? ParameterOf(MethodInfo method, string name) => ParameterOf(Find(method), name);

    /// <summary>What a type is.</summary>
    public string? SummaryOf(Type type) => Text(Find(type)?.Element("summary"));

    /// <summary>What a property is: its own comment, or that of the record's parameter.</summary>
    public string? SummaryOf(PropertyInfo property)
    {
        var own = _members.GetValueOrDefault($"P:{NameOf(property.DeclaringType!)}.{property.Name}");
        return Text(own?.Element("summary")) ?? ParameterOf(Find(property.DeclaringType!), property.Name);
    }

    private XElement? Find(MethodInfo method) => _members.GetValueOrDefault($"M:{NameOf(method.DeclaringType!)}.{method.Name}");

    private XElement? Find(Type type) => _members.GetValueOrDefault($"T:{NameOf(type)}");

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? ParameterOf(XElement? member, string name) =>
        Text(member?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == name));

    /// <summary>Handlers have names of their own, so their parameters need not be spelled.</summary>
    private static string WithoutParameters(string name)
    {
        var end = name.StartsWith("M:", StringComparison.Ordinal) ? name.IndexOf('(', StringComparison.Ordinal) : -1;
        return end < 0 ? name : name[..end];
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "see" } see => (see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? "").Split('.')[^1],
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => other.Value,
            _ => "",
        }));
        text = Spaces().Replace(text, " ").Trim();
        return text.Length == 0 ? null : text;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
