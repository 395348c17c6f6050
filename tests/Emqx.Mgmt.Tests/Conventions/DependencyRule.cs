using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>Arrows point down, and each package belongs to one project: read from the project files and the sources.</summary>
public sealed class DependencyRule
{
    [Fact]
    public void Projects_refer_only_to_those_below_them()
    {
        var allowed = new Dictionary<string, string[]>
        {
            ["Emqx.Broker"] = ["Emqx.Drivers", "Emqx.Rules"],
            ["Emqx.Drivers"] = [],
            ["Emqx.Rules"] = [],
            ["Emqx.Storage.Sqlite"] = ["Emqx.Broker"],
            ["Emqx.Cluster"] = ["Emqx.Broker"],
            ["Emqx.Mgmt"] = ["Emqx.Broker", "Emqx.Storage.Sqlite", "Emqx.Cluster"],
        };
        foreach (var (project, document) in Projects())
            Assert.Empty(References(document, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(allowed[project]));
    }

    [Fact]
    public void The_rules_need_nothing_but_the_language()
    {
        var document = Projects().Single(static project => project.Name == "Emqx.Rules").Document;
        Assert.Empty(References(document, "ProjectReference").Concat(References(document, "PackageReference")).Concat(References(document, "FrameworkReference")));
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
    [InlineData("src/Emqx.Broker", "Npgsql", "")]
    [InlineData("src/Emqx.Broker", "OpenTelemetry.Exporter", "")]
    [InlineData("src/Emqx.Broker", "StackExchange", "")]
    [InlineData("src/Emqx.Drivers", "Emqx.Broker", "")]
    [InlineData("src/Emqx.Broker", "Emqx.Mgmt", "")]
    [InlineData("src/Emqx.Rules", "Emqx.Broker", "")]
    public void A_namespace_is_named_only_where_it_belongs(string folder, string name, string place)
    {
        var wrong = SourceTree.Read(folder).Where(file => place.Length == 0 || !file.Relative.StartsWith(place, StringComparison.Ordinal))
            .Where(file => SourceTree.CodeLines(file.Text).Any(line => Regex.IsMatch(line, $@"\b{Regex.Escape(name)}\b")));
        Assert.Empty(wrong.Select(file => file.Relative));
    }

    [Fact]
    public void Composition_stays_small() => Assert.InRange(File.ReadAllLines(Path.Combine(SourceTree.Root, "src/Emqx.Mgmt/Program.cs")).Length, 1, 60);

    private static IEnumerable<(string Name, XDocument Document)> Projects() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => (Path.GetFileNameWithoutExtension(file), XDocument.Load(file)));

    private static IEnumerable<string> References(XDocument project, string kind) =>
        project.Descendants(kind).Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
}
