using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Node;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>Defaults, stored changes, emqx.conf and the environment, in that order.</summary>
public sealed class LayerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-layers").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (NodeConfiguration? Configuration, IReadOnlyList<string> Failures) Load(Dictionary<string, string> variables, string? file = null,
        Dictionary<string, string>? stored = null)
    {
        if (file is not null)
            File.WriteAllText(Path.Combine(_folder, "emqx.conf"), file);
        var all = new Dictionary<string, string>(variables) { ["EMQX_ETC_DIR"] = _folder };
        var configuration = NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, all), stored ?? [], out var failures);
        return (configuration, failures);
    }

    private NodeConfiguration Loaded(Dictionary<string, string> variables, string? file = null, Dictionary<string, string>? stored = null)
    {
        var (configuration, failures) = Load(variables, file, stored);
        Assert.Empty(failures);
        return configuration!;
    }

    [Fact]
    public void The_higher_layer_wins_field_by_field()
    {
        var configuration = Loaded(
            new() { ["EMQX_MQTT__MAX_INFLIGHT"] = "77" },
            "mqtt { max_inflight = 11, max_awaiting_rel = 12 }",
            new() { ["mqtt"] = """{"max_inflight":55,"max_awaiting_rel":56,"max_mqueue_len":57}""" });
        var mqtt = MqttSchema.Root.Read(configuration.Running);
        Assert.Equal((77, 12, 57, 128), (mqtt.MaxInflight, mqtt.MaxAwaitingRel, mqtt.MaxMqueueLength, mqtt.MaxTopicLevels));
        Assert.True(configuration.Running.WinsAtStart("mqtt"));
        Assert.False(configuration.Running.WinsAtStart("alarm"));
    }

    [Fact]
    public void Variables_reach_retainer_delayed_and_limiter()
    {
        var running = Loaded(new()
        {
            ["EMQX_RETAINER__MAX_PAYLOAD_SIZE"] = "3KB",
            ["EMQX_RETAINER__BACKEND__MAX_RETAINED_MESSAGES"] = "4",
            ["EMQX_DELAYED__ENABLE"] = "false",
            ["EMQX_LIMITER__MAX_CONN_RATE"] = "10/s",
        }).Running;
        var retainer = RetainerRoot.Root.Read(running);
        Assert.Equal((3072, 4, true), (retainer.MaxPayloadSize, retainer.MaxRetainedMessages, retainer.Enable));
        Assert.False(DelayedRoot.Root.Read(running).Enable);
        Assert.Equal(10, LimiterSchema.Root.Read(running).MaxConnectionRate);
    }

    [Fact]
    public void The_variables_of_a_plain_start_are_understood()
    {
        var configuration = Loaded(new()
        {
            ["EMQX_NODE__NAME"] = "n1@10.0.0.1",
            ["EMQX_NODE__DATA_DIR"] = "/var/lib/emqx",
            ["EMQX_DASHBOARD__LISTENERS__HTTP__BIND"] = "127.0.0.1:0",
            ["EMQX_DASHBOARD__DEFAULT_USERNAME"] = "boss",
            ["EMQX_DASHBOARD__DEFAULT_PASSWORD"] = "12345",
            ["EMQX_DASHBOARD__SWAGGER_SUPPORT"] = "false",
            ["EMQX_DASHBOARD__STATIC_DIR"] = "/www",
            ["EMQX_API_KEY__BOOTSTRAP_FILE"] = "/etc/keys.txt",
            ["EMQX_LISTENERS__TCP__DEFAULT__BIND"] = "127.0.0.1:2883",
            ["EMQX_LISTENERS__WSS__DEFAULT__ENABLE"] = "false",
            ["EMQX_LISTENERS__TCP__EXTRA"] = """{bind="127.0.0.1:21888",max_connections=5}""",
            ["EMQX_LISTENERS__TCP__EXTRA__MOUNTPOINT"] = "m/",
            ["EMQX_Mqtt__Max_topic_levels"] = "9",
            ["EMQX_LOG__CONSOLE__LEVEL"] = "debug",
        });
        Assert.Equal(("n1@10.0.0.1", "/var/lib/emqx"), (configuration.NodeName, configuration.DataFolder));
        var dashboard = configuration.Dashboard;
        Assert.Equal(("127.0.0.1:0", "boss", "12345", false, "/www"),
            (dashboard.Http.Bind.ToString(), dashboard.DefaultUsername, dashboard.DefaultPassword, dashboard.SwaggerSupport, dashboard.StaticFolder));
        Assert.Equal("/etc/keys.txt", configuration.ApiKey.BootstrapFile);
        Assert.Equal("debug", configuration.Log.Console.Level);
        Assert.Equal(9, MqttSchema.Root.Read(configuration.Running).MaxTopicLevels);
        var listeners = configuration.Listeners.ToDictionary(listener => listener.Id);
        Assert.Equal("127.0.0.1:2883", listeners["tcp:default"].Bind.ToString());
        Assert.False(listeners["wss:default"].Enable);
        Assert.Equal(("127.0.0.1:21888", 5, "m/"), (listeners["tcp:extra"].Bind.ToString(), listeners["tcp:extra"].MaxConnections, listeners["tcp:extra"].Mountpoint));
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void Without_anything_emqx_defaults_hold()
    {
        var configuration = Loaded([]);
        Assert.Equal(("emqx@127.0.0.1", "data", 18083), (configuration.NodeName, configuration.DataFolder, configuration.Dashboard.Http.Bind.Port));
        Assert.Equal(["0.0.0.0:1883", "0.0.0.0:8883", "0.0.0.0:8083", "0.0.0.0:8084"], configuration.Listeners.Select(listener => listener.Bind.ToString()));
        Assert.All(configuration.Listeners, listener => Assert.Null(listener.Tls.CertFile));
    }

    [Fact]
    public void An_unknown_field_is_a_warning_and_foreign_names_are_left_alone()
    {
        var configuration = Loaded(new() { ["EMQX_MQTT__NOSUCH"] = "1", ["EMQX_FOO__BAR"] = "1", ["EMQX_HOST_NAME"] = "x", ["PATH"] = "y" });
        Assert.Equal("""unknown_env_vars: ["EMQX_MQTT__NOSUCH"]""", Assert.Single(configuration.Warnings));
    }

    [Theory]
    [InlineData("EMQX_MQTT__MAX_QOS_ALLOWED", "9", "mqtt.max_qos_allowed: Unable to parse string, got 9")]
    [InlineData("EMQX_MQTT__MAX_INFLIGHT", "abc", "mqtt.max_inflight: expected 1..65535, got \"abc\"")]
    [InlineData("EMQX_LISTENERS__TCP__DEFAULT__BIND", "junk", "listeners.tcp.default.bind: bad_port_number, got \"junk\"")]
    [InlineData("EMQX_DASHBOARD__DEFAULT_PASSWORD", "[1]", "dashboard.default_password: expected binary(), got \"******\"")]
    public void A_wrong_value_is_a_failure_with_its_path(string variable, string value, string failure) =>
        Assert.Equal(failure, Assert.Single(Load(new() { [variable] = value }).Failures));

    [Fact]
    public void A_file_that_does_not_parse_is_a_failure_with_its_line() =>
        Assert.EndsWith("emqx.conf, line 2: syntax error before: '}'", Assert.Single(Load([], "mqtt {\n = }").Failures.Select(text => text.Replace("'='", "'}'", StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_field_in_the_file_is_a_failure() =>
        Assert.StartsWith("mqtt: unknown_fields \"nosuch\"", Assert.Single(Load([], "mqtt { nosuch = 1 }").Failures), StringComparison.Ordinal);

    [Fact]
    public void A_named_file_must_be_there() =>
        Assert.Contains("nosuch.conf", Assert.Single(Load(new() { ["EMQX_CONFIG_FILE"] = "/nowhere/nosuch.conf" }).Failures), StringComparison.Ordinal);

    [Fact]
    public void Files_include_others_and_take_variables()
    {
        File.WriteAllText(Path.Combine(_folder, "more.conf"), "mqtt.max_inflight = 5");
        var configuration = Loaded(new() { ["LEVELS"] = "7" }, "include \"more.conf\"\nmqtt.max_topic_levels = ${LEVELS}");
        var mqtt = MqttSchema.Root.Read(configuration.Running);
        Assert.Equal((5, 7), (mqtt.MaxInflight, mqtt.MaxTopicLevels));
    }

    [Fact]
    public void Array_items_are_numbered_from_1()
    {
        var configuration = Loaded(new()
        {
            ["EMQX_AUTO_SUBSCRIBE__TOPICS__1__TOPIC"] = "envtopic",
            ["EMQX_AUTO_SUBSCRIBE__TOPICS__2__TOPIC"] = "two",
        }, stored: new() { ["auto_subscribe"] = """{"topics":[{"topic":"t","qos":1}]}""" });
        Assert.Equal("""{"topics":[{"topic":"envtopic","qos":1,"rh":0,"rap":0,"nl":0},{"topic":"two","qos":0,"rh":0,"rap":0,"nl":0}]}""", configuration.Running["auto_subscribe"].ToString());
        Assert.Equal("bad_array_index from EMQX_AUTO_SUBSCRIBE__TOPICS__9__TOPIC",
            Assert.Single(Load(new() { ["EMQX_AUTO_SUBSCRIBE__TOPICS__9__TOPIC"] = "x" }).Failures));
    }

    [Fact]
    public void A_deleted_listener_stays_deleted_unless_a_variable_defines_it()
    {
        var stored = new Dictionary<string, string> { ["listeners.tcp.default"] = "\"marked_for_deletion\"", ["listeners.tcp.mine"] = """{"bind":"127.0.0.1:9"}""" };
        Assert.DoesNotContain("tcp:default", Loaded([], stored: stored).Listeners.Select(listener => listener.Id));
        var back = Loaded(new() { ["EMQX_LISTENERS__TCP__DEFAULT__BIND"] = "1" }, stored: stored).Listeners.ToDictionary(listener => listener.Id);
        Assert.Equal(1, back["tcp:default"].Bind.Port);
        Assert.Equal(9, back["tcp:mine"].Bind.Port);
    }

    [Theory]
    [InlineData("EMQX_NODE_NAME", "old@h", "old@h")]
    [InlineData("EMQX_NODE__NAME", "alone", "alone@127.0.0.1")]
    [InlineData("EMQX_NAME", "c", "c@127.0.0.1")]
    [InlineData("EMQX_HOST", "h", "emqx@h")]
    public void The_node_name_has_old_spellings(string variable, string value, string name) =>
        Assert.Equal(name, Loaded(new() { [variable] = value }).NodeName);

    [Fact]
    public void Followers_hear_of_each_change_once()
    {
        var running = Loaded([]).Running;
        var heard = 0;
        running.Follow(["mqtt", "force_gc"], () => heard++);
        running.Replace(new Dictionary<string, ConfigValue> { ["mqtt"] = ConfigObject.Empty, ["force_gc"] = ConfigObject.Empty });
        running.Replace(new Dictionary<string, ConfigValue> { ["alarm"] = ConfigObject.Empty });
        Assert.Equal(1, heard);
    }
}
