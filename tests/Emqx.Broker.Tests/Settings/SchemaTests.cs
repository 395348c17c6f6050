using System.Reflection;
using Emqx.Broker.Node;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>Roots are checked as EMQX checks them, and keep the text that was given.</summary>
public sealed class SchemaTests
{
    private static string Check(string root, string json)
    {
        var problems = new List<Violation>();
        var values = NodeRoots.Catalogue.KindOf(root)!.Check(ConfigJson.Parse(json), root, problems);
        return problems.Count > 0 ? Violation.ToJson(problems) : values!.ToString();
    }

    [Theory]
    [InlineData("""{"max_qos_allowed":3}""", """{"value":3,"reason":"Unable to parse string","path":"mqtt.max_qos_allowed","kind":"validation_error"}""")]
    [InlineData("""{"max_qos_allowed":"x"}""", """{"value":"x","reason":"Unable to parse string","path":"mqtt.max_qos_allowed","kind":"validation_error"}""")]
    [InlineData("""{"session_expiry_interval":"x"}""", """{"value":"x","reason":"Not a valid duration","path":"mqtt.session_expiry_interval","kind":"validation_error"}""")]
    [InlineData("""{"nope":1}""", """{"unmatched":"await_rel_timeout,client_attrs_init,...","unknown":"nope","reason":"unknown_fields","path":"mqtt","kind":"validation_error"}""")]
    [InlineData("""{"max_packet_size":"x"}""", """{"value":"x","reason":"Not a valid bytesize","path":"mqtt.max_packet_size","kind":"validation_error"}""")]
    [InlineData("""{"max_inflight":0}""", """{"value":0,"reason":{"expected":"1..65535"},"path":"mqtt.max_inflight","kind":"validation_error"}""")]
    [InlineData("""{"max_inflight":"abc"}""", """{"value":"abc","reason":{"expected":"1..65535"},"path":"mqtt.max_inflight","kind":"validation_error"}""")]
    [InlineData("""{"retain_available":"maybe"}""", """{"value":"maybe","reason":"Unable to parse boolean value","path":"mqtt.retain_available","kind":"validation_error"}""")]
    [InlineData("""{"max_clientid_len":22}""", """{"value":22,"reason":{"expected":"23..65535"},"path":"mqtt.max_clientid_len","kind":"validation_error"}""")]
    [InlineData("""{"server_keepalive":"77s"}""", """{"reason":"matched_no_union_member","path":"mqtt.server_keepalive","mismatches":{"pos_integer()":{"value":"77s","reason":"Unable to parse Erlang term","path":"mqtt.server_keepalive","kind":"validation_error"},"disabled":{"value":"77s","reason":"Expected: disabled, got:77s","path":"mqtt.server_keepalive","kind":"validation_error"}},"kind":"validation_error"}""")]
    [InlineData("""{"mqueue_default_priority":"m1ddle"}""", """{"value":"m1ddle","reason":"unable_to_convert_to_enum_symbol","path":"mqtt.mqueue_default_priority","kind":"validation_error"}""")]
    [InlineData("""{"mqueue_default_priority":"middle"}""", """{"value":"middle","reason":"not_a_enum_symbol","path":"mqtt.mqueue_default_priority","kind":"validation_error"}""")]
    [InlineData("5", """{"value":5,"reason":"bad_value_for_struct","path":"mqtt","kind":"validation_error"}""")]
    [InlineData("""{"max_inflight":0,"max_topic_levels":0}""", """[{"value":0,"reason":{"expected":"1..65535"},"path":"mqtt.max_topic_levels","kind":"validation_error"},{"value":0,"reason":{"expected":"1..65535"},"path":"mqtt.max_inflight","kind":"validation_error"}]""")]
    public void A_wrong_value_is_told_as_emqx_tells_it(string json, string error) => Assert.Equal(error, Check("mqtt", json));

    [Theory]
    [InlineData("""{"mqueue_priorities":{"t":0}}""")]
    [InlineData("""{"mqueue_priorities":{"t":256}}""")]
    [InlineData("""{"client_attrs_init":[{"expression":"username","set_as_attr":"a b"}]}""")]
    [InlineData("""{"client_attrs_init":[{"expression":"concat([username","set_as_attr":"a"}]}""")]
    [InlineData("""{"client_attrs_init":[{"set_as_attr":"a"}]}""")]
    [InlineData("""{"clientid_override":"'constant'"}""")]
    [InlineData("""{"keepalive_multiplier":0.5}""")]
    [InlineData("""{"max_packet_size":"0B"}""")]
    [InlineData("""{"max_packet_size":"1GB"}""")]
    [InlineData("""{"max_mqueue_len":-1}""")]
    [InlineData("""{"max_subscriptions":0}""")]
    [InlineData("""{"peer_cert_as_username":"ca"}""")]
    [InlineData("""{"retry_interval":"60d"}""")]
    public void Values_out_of_range_are_refused(string json) => Assert.Contains("validation_error", Check("mqtt", json), StringComparison.Ordinal);

    [Fact]
    public void Missing_fields_get_their_defaults_and_given_texts_stay()
    {
        var values = (ConfigObject)ConfigJson.Parse(Check("mqtt", """{"idle_timeout":"1h30m","max_packet_size":"100KB","max_inflight":"7","retain_available":"false","server_keepalive":77}"""));
        Assert.Equal("1h30m", values["idle_timeout"]);
        Assert.Equal("100KB", values["max_packet_size"]);
        Assert.Equal(7L, values["max_inflight"]);
        Assert.Equal(false, values["retain_available"]);
        Assert.Equal("300s", values["await_rel_timeout"]);
        Assert.Null(values["keepalive_backoff"]);
    }

    [Fact]
    public void What_is_shown_is_accepted_unchanged()
    {
        foreach (var root in NodeRoots.Catalogue.Zone)
        {
            var kind = (StructKind)root.Kind;
            Assert.Equal<ConfigValue>(kind.Defaults, kind.Check(kind.Shown(kind.Defaults), root.Name, []));
        }
    }

    [Fact]
    public void The_defaults_of_the_records_are_those_of_the_tables()
    {
        foreach (var root in NodeRoots.Catalogue.Roots.Where(root => root is { Kind: StructKind, Record: not null }))
        {
            var read = root.Record!(((StructKind)root.Kind).Defaults);
            if (Fresh(read.GetType()) is { } fresh)
                Assert.Equivalent(fresh, read, strict: true);
        }

        var paths = new ConfigPaths("/nowhere", "/nowhere");
        var listener = ListenerReader.Read(ListenerType.Wss, "default", ListenerSchemas.Wss.Defaults, paths);
        Assert.Equal(8084, listener.Bind.Port);
        Assert.Equivalent(new ListenerSettings { Type = ListenerType.Wss, Name = "default", Bind = null! }, listener with { Bind = null! }, strict: true);
    }

    /// <summary>A record as it is without arguments; null where it needs some.</summary>
    private static object? Fresh(Type type)
    {
        var needed = type.GetConstructors()[0].GetParameters();
        return type.Namespace!.StartsWith("Emqx", StringComparison.Ordinal) && needed.All(one => one.HasDefaultValue)
            ? Activator.CreateInstance(type, BindingFlags.OptionalParamBinding | BindingFlags.CreateInstance | BindingFlags.Public | BindingFlags.Instance,
                null, [.. needed.Select(_ => Type.Missing)], null)
            : null;
    }

    [Fact]
    public void Settings_are_read_as_numbers()
    {
        var values = (ConfigObject)ConfigJson.Parse(Check("mqtt", """
            {"max_packet_size":"100KB","max_mqueue_len":"infinity","message_expiry_interval":"5m","mqueue_priorities":{"a":1,"b":255},
             "shared_subscription_strategy":"hash_topic","mqueue_default_priority":"highest","retry_interval":1500,
             "client_attrs_init":[{"expression":"nth(1, tokens(clientid, '-'))","set_as_attr":"tns"}]}
            """));
        var mqtt = MqttSchema.Root.Read(values);
        Assert.Equal(102_400, mqtt.MaxPacketSize);
        Assert.Equal(0, mqtt.MaxMqueueLength);
        Assert.Equal(300_000, mqtt.MessageExpiryInterval);
        Assert.Equal(1500, mqtt.RetryInterval);
        Assert.Equal(255, mqtt.MqueuePriorities!["b"]);
        Assert.Equal(SharedStrategy.HashTopic, mqtt.SharedSubscriptionStrategy);
        Assert.True(mqtt.MqueueDefaultPriorityHighest);
        Assert.Equal(new ClientAttributeRule("nth(1, tokens(clientid, '-'))", "tns"), Assert.Single(mqtt.ClientAttributesInit));
    }

    [Fact]
    public void Secrets_are_masked_and_the_mask_keeps_them()
    {
        var kind = NodeRoots.Catalogue.StructOf("dashboard");
        var present = kind.Defaults.With("default_password", "secret1");
        var shown = (ConfigObject)kind.Shown(present);
        Assert.Equal("******", shown["default_password"]);
        Assert.Null(shown["default_username"]);
        Assert.Equal("secret1", ((ConfigObject)kind.Unmasked(shown, present))["default_password"]);
    }

    [Theory]
    [InlineData("""{"tcp":{"default":{"bind":"junk"}}}""", "bad_port_number")]
    [InlineData("""{"tcp":{"a b":{"bind":1}}}""", "invalid_map_key")]
    [InlineData("""{"tcp":{"default":{"access_rules":["let in"]}}}""", "invalid_rule(s): let in")]
    [InlineData("""{"ssl":{"default":{"ssl_options":{"fail_if_no_peer_cert":true}}}}""", "verify must be verify_peer")]
    [InlineData("""{"ssl":{"default":{"websocket":{}}}}""", "unknown_fields")]
    [InlineData("""{"tcp":{"default":{"tcp_options":{"keepalive":"x"}}}}""", "Idle,Interval,Probes")]
    [InlineData("""{"tcp":{"default":"x"}}""", "marked_for_deletion")]
    public void Listeners_are_checked(string json, string reason) => Assert.Contains(reason, Check("listeners", json), StringComparison.Ordinal);

    [Theory, InlineData(0, false), InlineData(1, true)]
    public void A_listener_has_so_many_access_rules_at_most_and_no_more(int more, bool isRefused)
    {
        var rules = string.Join(',', Enumerable.Repeat("allow 10.0.0.0/8", ListenerSchemas.MostAccessRules - 1));
        var others = string.Concat(Enumerable.Repeat(",\"allow all\"", more));
        var checkedUp = Check("listeners", $$$$"""{"tcp":{"default":{"access_rules":["deny all"{{{{others}}}},"{{{{rules}}}}"]}}}""");
        Assert.Equal(isRefused, checkedUp.Contains("too many rules: at most 4096", StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_a_default_listener_of_each_type_unless_it_was_deleted()
    {
        var values = (ConfigObject)ConfigJson.Parse(Check("listeners", """{"ws":{"default":"marked_for_deletion"},"tcp":{"two":{"bind":"127.0.0.1:1999"}}}"""));
        var listeners = ListenerReader.ReadAll(values, new("/nowhere", "/nowhere"));
        Assert.Equal(["tcp:two", "tcp:default", "ssl:default", "wss:default"], listeners.Select(listener => listener.Id));
    }
}
