using Emqx.Broker.Node;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>Names that fields had once, and what EMQX's start scripts make of variables.</summary>
public sealed class OlderNamesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-names").FullName;

    /// <summary>A field's place, and the same by an older name, with a value that is not the default.</summary>
    public static TheoryData<string, string, string> Names => new()
    {
        { "log.console_handler.level", "log.console.level", "error" },
        { "log.console.format", "log.console.formatter", "json" },
        { "log.console_handler.format", "log.console.formatter", "json" },
        { "log.file_handlers.default.level", "log.file.default.level", "error" },
        { "log.file_handlers.x.level", "log.file.x.level", "error" },
        { "log.file.x.file", "log.file.x.path", "/tmp/x.log" },
        { "log.file.x.to", "log.file.x.path", "/tmp/x.log" },
        { "log.file.file", "log.file.default.path", "/tmp/x.log" },
        { "log.file.level", "log.file.default.level", "error" },
        { "log.file.format", "log.file.default.formatter", "json" },
        { "log.file.rotation.count", "log.file.default.rotation_count", "3" },
        { "log.file.rotation", "log.file.default.rotation_count", "3" },
        { "log.file.max_size", "log.file.default.rotation_size", "11MB" },
        { "log.file.x.rotation.count", "log.file.x.rotation_count", "3" },
        { "log.file_handlers.x.max_size", "log.file.x.rotation_size", "infinity" },
        { "force_shutdown.max_message_queue_len", "force_shutdown.max_mailbox_size", "77" },
        { "listeners.tcp.default.enabled", "listeners.tcp.default.enable", "false" },
        { "listeners.wss.other.enabled", "listeners.wss.other.enable", "false" },
        { "node.db_role", "node.role", "replicant" },
        { "retainer.deliver_rate", "retainer.delivery_rate", "5/s" },
        { "mqtt.keepalive_backoff", "mqtt.keepalive_multiplier", "2" },
        { "flapping_detect.window_time", "flapping_detect.enable", "disable" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_older_name_is_taken_as_a_variable_and_wins_over_the_file(string older, string path, string value)
    {
        var file = $"{path} = {Other(path, value)}";
        AssertSet(path, value, Load(new() { [VariableOf(older)] = value }, file));
        AssertSet(path, value, Load(new() { [VariableOf(older)] = value }, ""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_older_name_is_taken_from_the_file_and_wins_over_what_was_stored(string older, string path, string value)
    {
        var stored = HoconParser.Parse($"{path} = {Other(path, value)}");
        var names = stored.Fields[0];
        AssertSet(path, value, Load([], $"{older} = {Quoted(value)}", new() { [names.Key] = names.Value.ToString() }));
    }

    [Fact]
    public void A_whole_section_may_have_older_names()
    {
        var running = Load(new() { ["EMQX_LOG__FILE_HANDLERS__X"] = "{file = \"/tmp/y\", rotation {count = 4}}" }, "");
        Assert.Equal(("/tmp/y", "4"), (Text(running, "log.file.x.path"), Text(running, "log.file.x.rotation_count")));
    }

    [Fact]
    public void The_name_of_today_wins_over_an_older_one_beside_it() =>
        Assert.Equal("7", Text(Load([], "force_shutdown { max_mailbox_size = 7, max_message_queue_len = 8 }"), "force_shutdown.max_mailbox_size"));

    [Fact]
    public void What_a_file_handler_says_by_its_name_wins_over_what_stands_without() =>
        Assert.Equal("error", Text(Load([], "log.file { level = info, default { level = error } }"), "log.file.default.level"));

    [Theory]
    [InlineData("a@b", "EMQX_NODE_NAME=a@b", "EMQX_NODE__NAME=c@d", "EMQX_NAME=e", "EMQX_HOST=f")]
    [InlineData("c@d", "EMQX_NODE_NAME=", "EMQX_NODE__NAME=c@d", "EMQX_NAME=e", "EMQX_HOST=f")]
    [InlineData("e@f", "EMQX_NAME=e", "EMQX_HOST=f")]
    [InlineData("emqx@f", "EMQX_NODE_NAME=", "EMQX_NODE__NAME=", "EMQX_HOST=f")]
    [InlineData("e@127.0.0.1", "EMQX_NAME=e")]
    [InlineData("g@h", "EMQX_NAME=", "EMQX_HOST=")]
    public void The_node_is_named_as_the_start_scripts_would(string name, params string[] variables)
    {
        var configuration = Loaded(variables.ToDictionary(one => one.Split('=')[0], one => one.Split('=')[1]), "node.name = \"g@h\"");
        Assert.Equal((name, name), (configuration.NodeName, Text(configuration.Running, "node.name")));
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("true", "false")]
    [InlineData("true", "false", "EMQX_LOG__TO=console", "EMQX_LOG__CONSOLE__ENABLE=false", "EMQX_LOG__FILE__ENABLE=true")]
    [InlineData("false", "true", "EMQX_LOG__TO=file")]
    [InlineData("true", "true", "EMQX_LOG__TO=both")]
    [InlineData("true", "false", "EMQX_LOG__TO=default")]
    [InlineData("true", "false", "EMQX_LOG__TO=nonsense")]
    [InlineData("false", "true", "EMQX_DEFAULT_LOG_HANDLER=file")]
    [InlineData("true", "true", "EMQX_DEFAULT_LOG_HANDLER=both")]
    [InlineData("false", "true", "EMQX_DEFAULT_LOG_HANDLER=console", "EMQX_LOG__TO=file")]
    public void Log_handlers_are_on_as_the_start_scripts_would_have_them(string console, string file, params string[] variables)
    {
        var configuration = Loaded(variables.ToDictionary(one => one.Split('=')[0], one => one.Split('=')[1]), "");
        Assert.Equal((console, file), (Text(configuration.Running, "log.console.enable"), Text(configuration.Running, "log.file.default.enable")));
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void File_handlers_have_a_bound()
    {
        var problems = new List<Emqx.Broker.Schema.Violation>();
        var many = HoconParser.Parse(string.Concat(Enumerable.Range(0, 40).Select(i => $"file.h{i}.level = error\n")));
        Assert.Null(Emqx.Broker.Settings.Roots.LogSchema.Root.Kind.Check(many, "log", problems));
        Assert.Contains("too_many_log_handlers", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_a_hundred_thousand_wrong_entries_is_left_at_a_hundred()
    {
        var problems = new List<Emqx.Broker.Schema.Violation>();
        var many = HoconParser.Parse("a = [" + string.Concat(Enumerable.Repeat("{b=1},", 100_000)) + "]");
        NodeRoots.Catalogue.KindOf("authentication")!.Check(many["a"]!, "authentication", problems);
        Assert.Equal(100, problems.Count);
    }

    [Fact]
    public void The_older_variable_of_the_cookie_wins() =>
        Assert.Equal("one", Text(Load(new() { ["EMQX_NODE_COOKIE"] = "one", ["EMQX_NODE__COOKIE"] = "two" }, ""), "node.cookie"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertSet(string path, string value, RunningConfiguration running) =>
        Assert.Equal(value switch { "disable" => "false", "2" => "4", _ => value }, Text(running, path));

    /// <summary>A value of the same field that must not be what is read.</summary>
    private static string Other(string path, string value) => path switch
    {
        _ when value is "error" or "json" => value == "error" ? "info" : "text",
        _ when path.EndsWith("path", StringComparison.Ordinal) => "other",
        _ when path.EndsWith("size", StringComparison.Ordinal) && path.StartsWith("log", StringComparison.Ordinal) => "9MB",
        _ when path.EndsWith("rate", StringComparison.Ordinal) => "\"9/s\"",
        "mqtt.keepalive_multiplier" => "1.5",
        "node.role" => "core",
        _ => value is "false" or "disable" ? "true" : "9",
    };

    private static string Quoted(string value) => value.All(char.IsAsciiLetterOrDigit) ? value : $"\"{value}\"";

    private static string VariableOf(string path) => "EMQX_" + path.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);

    private static string Text(RunningConfiguration running, string path)
    {
        var names = path.Split('.');
        var value = running[names[0]].Find(names.AsSpan(1));
        return value is ConfigText text ? text.Text : value?.ToString() ?? "";
    }

    private RunningConfiguration Load(Dictionary<string, string> variables, string file, Dictionary<string, string>? stored = null) =>
        Loaded(variables, file, stored).Running;

    private NodeConfiguration Loaded(Dictionary<string, string> variables, string file, Dictionary<string, string>? stored = null)
    {
        File.WriteAllText(Path.Combine(_folder, "emqx.conf"), file);
        variables["EMQX_ETC_DIR"] = _folder;
        var configuration = NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, variables), stored ?? [], out var failures);
        Assert.Empty(failures);
        return configuration!;
    }
}
