using System.Text.RegularExpressions;
using Xunit;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>Inside a project arrows point down, too: which folder may name which others, read from the sources.</summary>
public sealed class FolderDirections
{
    private const string Ground = "Cluster Collections Metrics Protocol Schema Settings Storage Timing";
    private const string Core = "Access Clients Hooks Messages Routing Sessions";
    private const string GroundAndCore = $"{Ground} {Core}";
    private const string Framework = "Api/Failures Api/Json Api/OpenApi Api/Operations Api/Paging Api/Routing Api/Security Api/Validation";

    /// <summary>Emqx.Broker from the ground up: a folder, and those that it may name.</summary>
    private static readonly Dictionary<string, string> s_broker = new()
    {
        // The ground knows nothing of a broker at work.
        ["Cluster"] = "",
        ["Collections"] = "",
        ["Protocol"] = "",
        ["Schema"] = "",
        ["Timing"] = "",
        ["Metrics"] = "Cluster",
        ["Storage"] = "Cluster",
        ["Settings"] = "Cluster Schema Storage",

        // The core is one body: sessions, and messages between them.
        ["Access"] = GroundAndCore,
        ["Clients"] = GroundAndCore,
        ["Hooks"] = GroundAndCore,
        ["Messages"] = GroundAndCore,
        ["Routing"] = GroundAndCore,
        ["Sessions"] = GroundAndCore,

        // Above it stand a protocol that clients speak, and what works by hooks; neither knows the other.
        ["Mqtt"] = GroundAndCore,
        ["Monitoring"] = GroundAndCore,
        ["Modules"] = $"{GroundAndCore} Monitoring",
        ["Integration"] = $"{GroundAndCore} Monitoring",
        ["Listeners"] = $"{GroundAndCore} Mqtt",
        ["Node"] = $"{GroundAndCore} Integration Listeners Modules Monitoring Mqtt",
    };

    /// <summary>Emqx.Mgmt: what is not named here is a feature of the API, which names the framework and no other feature.</summary>
    private static readonly Dictionary<string, string> s_mgmt = new()
    {
        ["Accounts"] = "",
        ["Web"] = "",
        ["Api/Failures"] = Framework,
        ["Api/Json"] = Framework,
        ["Api/OpenApi"] = Framework,
        ["Api/Operations"] = Framework,
        ["Api/Paging"] = Framework,
        ["Api/Routing"] = Framework,
        ["Api/Security"] = $"{Framework} Accounts",
        ["Api/Validation"] = Framework,
        ["Api/ApiKeys"] = $"{Framework} Accounts",
        ["Api/Dashboard"] = $"{Framework} Accounts",
        ["Api/*"] = Framework,

        // The lists of all groups, and of all parts.
        ["Api"] = "*",
        ["Hosting"] = "*",
        [""] = "*",
    };

    /// <summary>Arrows that point elsewhere: a file or folder, what it names, and why it may for now.</summary>
    private static readonly (string From, string To, string Because)[] s_exceptions =
    [
        ("Api/OpenApi/", "Api/Configs", "the operations of the roots are described from the list of roots that Configs maps"),
        ("Api/Clients/", "Api/Subscriptions", "a client's subscriptions are answered as all of them are"),
        ("Api/Subscriptions/", "Api/Clients", "a subscription is made by /clients/…/subscribe"),
        ("Api/DataBackup/", "Api/Configs", "the configuration of a backup is put back as a text of PUT /configs is"),
        ("Api/Retainer/", "Api/Configs", "/mqtt/retainer is the root retainer, read and written as /configs/… are"),
        ("Api/Nodes/", "Api/Metrics", "/nodes/…/metrics is /metrics of one node"),
        ("Api/Nodes/", "Api/Stats", "/nodes/…/stats is /stats of one node"),
    ];

    [Fact]
    public void Folders_of_the_broker_name_only_what_stands_below_them() => Check("Emqx.Broker", s_broker);

    [Fact]
    public void Folders_of_the_management_name_only_what_stands_below_them() => Check("Emqx.Mgmt", s_mgmt);

    private static void Check(string project, Dictionary<string, string> table)
    {
        var files = SourceTree.Read($"src/{project}").ToArray();
        var folders = files.Select(static file => FolderOf(file.Relative)).ToHashSet();
        var wrong = files.SelectMany(file => NamedIn(file.Text, project, folders)
            .Where(to => !MayName(table, file.Relative, to)).Select(to => $"{file.Relative} -> {to}")).ToArray();
        Assert.True(wrong.Length == 0, $"Arrows that the table does not know:\n{string.Join('\n', wrong)}");
    }

    private static bool MayName(Dictionary<string, string> table, string file, string to)
    {
        var from = FolderOf(file);
        var row = table.GetValueOrDefault(from) ?? table.GetValueOrDefault("Api/*") ?? "";
        return from == to || row == "*" || row.Split(' ').Contains(to)
            || s_exceptions.Any(exception => exception.To == to && file.StartsWith(exception.From, StringComparison.Ordinal));
    }

    /// <summary>The folders of which a text names something.</summary>
    private static HashSet<string> NamedIn(string text, string project, HashSet<string> folders)
    {
        var name = new Regex($@"\b{Regex.Escape(project)}\.([\w.]+)");
        return [.. SourceTree.CodeLines(text).SelectMany(line => name.Matches(line)).Select(match => Longest(match.Groups[1].Value.Replace('.', '/'), folders))];
    }

    private static string Longest(string path, HashSet<string> folders)
    {
        while (path.Length != 0 && !folders.Contains(path))
            path = FolderOf(path);
        return path;
    }

    /// <summary>Folders count to the first level, those of the API to the second.</summary>
    private static string FolderOf(string path)
    {
        var parts = path.Split('/');
        return string.Join('/', parts[..Math.Min(parts.Length - 1, parts[0] == "Api" ? 2 : 1)]);
    }
}
