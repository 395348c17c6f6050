using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>Arrows point down, and each package belongs to one project: read from the project files and the sources.</summary>
public sealed partial class DependencyRule
{
    private static readonly string s_root = FindRoot();

    [Fact]
    public void Projects_refer_only_to_those_below_them()
    {
        var allowed = new Dictionary<string, string[]>
        {
            ["Emqx.Broker"] = ["Emqx.Rules"],
            ["Emqx.Rules"] = [],
            ["Emqx.Storage.Sqlite"] = ["Emqx.Broker"],
            ["Emqx.Cluster"] = ["Emqx.Broker"],
            ["Emqx.Mgmt"] = ["Emqx.Broker", "Emqx.Storage.Sqlite", "Emqx.Cluster"],
        };
        foreach (var (project, document) in Projects())
            Assert.Empty(References(document, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(allowed[project]));
    }

    [Fact]
    public void A_package_is_referenced_by_one_project()
    {
        var users = Projects().SelectMany(project => References(project.Document, "PackageReference").Select(package => (package, project.Name)));
        Assert.Empty(users.GroupBy(user => user.package).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group)}"));
    }

    [Theory]
    [InlineData("src/Emqx.Mgmt", "MQTTnet", "")]
    [InlineData("src/Emqx.Mgmt", "Microsoft.Data.Sqlite", "")]
    [InlineData("src/Emqx.Mgmt", "Emqx.Storage.Sqlite", "Program.cs")]
    [InlineData("src/Emqx.Broker", "MQTTnet", "Mqtt/")]
    [InlineData("src/Emqx.Broker", "Microsoft.Data.Sqlite", "")]
    [InlineData("src/Emqx.Broker", "Emqx.Mgmt", "")]
    public void A_namespace_is_named_only_where_it_belongs(string folder, string name, string place)
    {
        var wrong = Sources(folder).Where(file => place.Length == 0 || !file.Relative.StartsWith(place, StringComparison.Ordinal))
            .Where(file => CodeLines(file.Text).Any(line => Regex.IsMatch(line, $@"\b{Regex.Escape(name)}\b")));
        Assert.Empty(wrong.Select(file => file.Relative));
    }

    [Fact]
    public void Composition_stays_small() => Assert.InRange(File.ReadAllLines(Path.Combine(s_root, "src/Emqx.Mgmt/Program.cs")).Length, 1, 60);

    private static IEnumerable<(string Name, XDocument Document)> Projects() =>
        Directory.EnumerateFiles(Path.Combine(s_root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => (Path.GetFileNameWithoutExtension(file), XDocument.Load(file)));

    private static IEnumerable<string> References(XDocument project, string kind) =>
        project.Descendants(kind).Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));

    private static IEnumerable<(string Relative, string Text)> Sources(string folder)
    {
        var full = Path.Combine(s_root, folder);
        return Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(full, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .Select(file => (file, File.ReadAllText(Path.Combine(full, file))));
    }

    private static IEnumerable<string> CodeLines(string text) =>
        text.Split('\n').Select(line => Literals().Replace(line, "")).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Literals();

    internal static string FindRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
