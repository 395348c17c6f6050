using System.Text;
using System.Text.Json;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>What real clients do, as traces tell it.</summary>
public sealed class TracedClientTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private TraceList Traces => _broker.Get<TraceList>();

    private async Task Trace(TraceType type, string filter, PayloadEncode encode = PayloadEncode.Text, bool isJson = false, string name = "t")
    {
        var creation = await Traces.CreateAsync(new TraceWish(name, type, filter, encode, isJson, null, null), default);
        Assert.Equal(TraceOutcome.Done, creation.Outcome);
    }

    private async Task<string> Text(string name = "t") => (await Traces.ReadLogAsync(name, null, 0, int.MaxValue, default)).Text;

    /// <summary>The log, once a line with that is in it; each line from its tag on.</summary>
    private async Task<string[]> LinesUpTo(string last, string name = "t") =>
        [.. (await TextWith(last, name)).Split('\n')[..^1].Select(static line => line[line.IndexOf('[', StringComparison.Ordinal)..])];

    private async Task<string> TextWith(string part, string name = "t")
    {
        await Eventually.TrueAsync(() => Text(name).GetAwaiter().GetResult().Contains(part, StringComparison.Ordinal), $"a line with {part}");
        return await Text(name);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_client_is_traced_from_CONNECT_to_its_end(byte version)
    {
        await Trace(TraceType.Clientid, "c");
        await using var other = await _broker.ConnectAsync(version);
        await other.PublishAsync("x/y", "not of the client", qos: 1);
        var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c", Version = version, Username = "u", Password = "secret-word"u8.ToArray() });
        await client.SubscribeAsync("a/+", 1);
        await client.PublishAsync("x", "payload-in-trace", qos: 1);
        await other.PublishAsync("a/b", "to-the-client", qos: 1);
        await client.ExpectMessageAsync(acknowledge: true);
        await client.ExpectNothingAsync();
        await client.UnsubscribeAsync("a/+");
        await client.DisconnectAsync();

        var lines = await LinesUpTo("emqx_connection_terminated");
        var peer = lines[0][(lines[0].IndexOf('@', StringComparison.Ordinal) + 1)..lines[0].IndexOf(" msg", StringComparison.Ordinal)];
        var id = version == 5 ? 16 : 0;
        Assert.Equal(Expected(version, id), lines.Select(line => line.Replace(peer, "PEER", StringComparison.Ordinal)));
        Assert.DoesNotContain("secret-word", await Text(), StringComparison.Ordinal);
    }

    private static string[] Expected(byte version, int ack)
    {
        string Line(string tag, string rest) => $"[{tag}] c@PEER msg: {rest}";
        string Received(string packet) => Line("MQTT", $"mqtt_packet_received, packet: {packet}");
        string Sent(string packet) => Line("MQTT", $"mqtt_packet_sent, packet: {packet}");
        return
        [
            Received($"CONNECT(Q0, R0, D0, ClientId=c, ProtoName=MQTT, ProtoVsn={version}, CleanStart=true, KeepAlive=60, Username=u, Password=******)"),
            Sent("CONNACK(Q0, R0, D0, AckFlags=0, ReasonCode=0)"),
            Received("SUBSCRIBE(Q1, R0, D0, PacketId=1 TopicFilters=[a/+(#{nl => 0,qos => 1,rap => 0,rh => 0})])"),
            Line("AUTHZ", "authorization_module_ignore, action: SUBSCRIBE(Q1), authorize_type: client_info, module: emqx_authz_client_info, topic: a/+, username: u"),
            Line("AUTHZ", "authorization_matched_allow, action: SUBSCRIBE(Q1), authorize_type: file, module: emqx_authz_file, topic: a/+, username: u"),
            Sent("SUBACK(Q0, R0, D0, PacketId=1, ReasonCodes=[1])"),
            Line("SUBSCRIBE", "subscribe, sub_id: c, sub_opts: [nl: 0, qos: 1, rap: 0, rh: 0], topic: a/+"),
            Received("PUBLISH(Q1, R0, D0, Topic=x, PacketId=2, Payload(text)=payload-in-trace)"),
            Line("AUTHZ", "authorization_module_ignore, action: PUBLISH(Q1,R0), authorize_type: client_info, module: emqx_authz_client_info, topic: x, username: u"),
            Line("AUTHZ", "authorization_matched_allow, action: PUBLISH(Q1,R0), authorize_type: file, module: emqx_authz_file, topic: x, username: u"),
            Line("PUBLISH", "publish_to, payload_encode: text, topic: x, payload: payload-in-trace"),
            Sent($"PUBACK(Q0, R0, D0, PacketId=2, ReasonCode={ack})"),
            Sent("PUBLISH(Q1, R0, D0, Topic=a/b, PacketId=1, Payload(text)=to-the-client)"),
            Received("PUBACK(Q0, R0, D0, PacketId=1, ReasonCode=0)"),
            Received("PINGREQ(Q0, R0, D0)"),
            Sent("PINGRESP(Q0, R0, D0)"),
            Received("UNSUBSCRIBE(Q1, R0, D0, PacketId=3 TopicFilters=[a/+])"),
            Line("UNSUBSCRIBE", "unsubscribe, sub_id: c, sub_opts: [nl: 0, qos: 1, rap: 0, rh: 0], topic: a/+"),
            Sent("UNSUBACK(Q0, R0, D0, PacketId=3)"),
            Received("DISCONNECT(Q0, R0, D0, ReasonCode=0)"),
            Line("SOCKET", "emqx_connection_terminated, reason: normal"),
        ];
    }

    [Fact]
    public async Task A_client_that_is_connected_already_is_traced_from_now_on_and_not_after_the_end()
    {
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c" });
        await client.PublishAsync("x", "early", qos: 1);
        await Trace(TraceType.Clientid, "c");
        await client.PublishAsync("x", "within", qos: 1);
        await LinesUpTo("PUBACK");
        await Traces.StopAsync("t", default);
        await client.PublishAsync("x", "late", qos: 1);
        await Trace(TraceType.Clientid, "c2", name: "second");
        await client.PublishAsync("x", "later", qos: 1);
        await Trace(TraceType.Topic, "x", name: "third");
        await client.PublishAsync("x", "last", qos: 1);
        await LinesUpTo("last", "third");
        var text = await Text();
        Assert.Contains("within", text, StringComparison.Ordinal);
        Assert.DoesNotContain("early", text, StringComparison.Ordinal);
        Assert.DoesNotContain("late", text, StringComparison.Ordinal);
        Assert.DoesNotContain("last", text, StringComparison.Ordinal);
        Assert.Equal("", await Text("second"));
    }

    [Fact]
    public async Task A_client_that_is_refused_is_traced_too()
    {
        _broker.Get<BrokerHooks>().ClientAuthenticate.Add(static request =>
        {
            (request.Allowed, request.ReasonCode) = (false, 0x87);
            return HookResult.Stop;
        });
        await Trace(TraceType.Clientid, "c");
        await using var client = await _broker.OpenAsync();
        await client.ConnectAsync(new ConnectOptions { ClientId = "c" });
        var lines = await LinesUpTo("CONNACK");
        Assert.Contains("CONNECT(", lines[0], StringComparison.Ordinal);
        Assert.Contains("CONNACK(Q0, R0, D0, AckFlags=0, ReasonCode=135)", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_is_denied_is_told_with_who_has_denied_it()
    {
        var running = _broker.Get<RunningConfiguration>();
        var root = (ConfigObject)AuthorizationRoot.Root.Kind.Check(ConfigJson.Parse("""{"sources":[{"type":"file","rules":"{deny, all}."}]}"""), AuthorizationRoot.Name, [])!;
        running.Replace(new Dictionary<string, ConfigValue> { [AuthorizationRoot.Name] = root });
        await Trace(TraceType.Clientid, "c");
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c" });
        await client.SubscribeAsync("a");
        await client.PublishAsync("b", qos: 1);
        await client.DisconnectAsync();
        var lines = await LinesUpTo("emqx_connection_terminated");
        Assert.Equal(["authorization_module_ignore", "authorization_matched_deny", "authorization_permission_denied, action: SUBSCRIBE(Q0), source: file, topic: a",
            "authorization_module_ignore", "authorization_matched_deny", "cannot_publish_to_topic_due_to_not_authorized, reason: not_authorized, topic: b"],
            lines.Where(static line => line.Contains("[AUTHZ]", StringComparison.Ordinal)).Select(static line => line[(line.IndexOf("msg: ", StringComparison.Ordinal) + 5)..])
                .Select(static line => line.StartsWith("authorization_m", StringComparison.Ordinal) ? line[..line.IndexOf(',', StringComparison.Ordinal)] : line));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.10", false)]
    public async Task Clients_of_an_address_are_traced(string address, bool isTheirs)
    {
        await Trace(TraceType.IpAddress, address);
        await Trace(TraceType.Topic, "end", name: "end");
        await using var client = await _broker.ConnectAsync();
        await client.PublishAsync("x", "from-there", qos: 1);
        await client.PublishAsync("end", qos: 1);
        await LinesUpTo("publish_to", "end");
        if (isTheirs)
            await LinesUpTo("publish_to, payload_encode: text, topic: x");
        else
            Assert.Equal("", await Text());
    }

    [Fact]
    public async Task A_topic_trace_tells_of_what_is_published_subscribed_and_unsubscribed()
    {
        await Trace(TraceType.Topic, "a/#", PayloadEncode.Hidden, isJson: true);
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c" });
        await using var subscriber = await _broker.ConnectAsync();
        await subscriber.SubscribeAsync("$share/g/a/+");
        await subscriber.SubscribeAsync("b");
        await client.PublishAsync("b", "elsewhere");
        await client.PublishAsync("a/b", "hidden-word");
        await subscriber.ExpectMessageAsync();
        await subscriber.ExpectMessageAsync();
        await subscriber.UnsubscribeAsync("$share/g/a/+");
        var lines = (await TextWith("unsubscribe")).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["authorization_module_ignore", "authorization_matched_allow", "subscribe", "authorization_module_ignore", "authorization_matched_allow", "publish_to", "unsubscribe"],
            lines.Select(line => line.GetProperty("msg").GetString()));
        var meta = lines[5].GetProperty("meta");
        Assert.Equal(("******", "hidden", "a/b", "c"), (meta.GetProperty("payload").GetString(), meta.GetProperty("payload_encode").GetString(),
            meta.GetProperty("topic").GetString(), meta.GetProperty("clientid").GetString()));
        Assert.Equal("$share/g/a/+", lines[2].GetProperty("meta").GetProperty("topic").GetString());
    }

    [Fact]
    public async Task What_nobody_has_sent_is_nobodys_and_the_nodes_own_topics_are_not_traced()
    {
        await Trace(TraceType.Topic, "$SYS/#", name: "system");
        await Trace(TraceType.Topic, "#");
        var publisher = _broker.Get<IMessagePublisher>();
        publisher.Publish(Message.Create("$SYS/x", "1"u8.ToArray(), "c", 1));
        publisher.Publish(Message.Create("x", "2"u8.ToArray(), "http_api", 1));
        Assert.Equal(["[PUBLISH] @ msg: publish_to, payload_encode: text, topic: x, payload: 2"], await LinesUpTo("payload: 2"));
        Assert.Equal("", await Text("system"));
    }

    [Fact]
    public async Task Of_many_receivers_of_a_run_the_traced_one_is_told_of_message_by_message()
    {
        await Trace(TraceType.Clientid, "traced");
        await using var traced = await _broker.ConnectAsync(new ConnectOptions { ClientId = "traced" });
        await using var other = await _broker.ConnectAsync();
        await traced.SubscribeAsync("r");
        await other.SubscribeAsync("r");
        await using var publisher = await _broker.ConnectAsync();
        await publisher.SendAsync((byte[])[.. Enumerable.Range(0, 20).SelectMany(i => Packets.Publish(5, "r", $"m{i:D2}"))]);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"m{i:D2}", (await traced.ExpectMessageAsync()).PayloadText);
            Assert.Equal($"m{i:D2}", (await other.ExpectMessageAsync()).PayloadText);
        }

        var lines = await LinesUpTo("=m19)");
        Assert.Equal(20, lines.Count(line => line.Contains("mqtt_packet_sent, packet: PUBLISH(", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task While_none_runs_nothing_hangs_on_the_hooks()
    {
        var hooks = _broker.Get<BrokerHooks>();
        var before = Used();
        await Trace(TraceType.Clientid, "c");
        await Trace(TraceType.Topic, "t", name: "topic");
        Assert.True(hooks.ClientCheckAuthzComplete.IsUsed);
        await Traces.StopAsync("t", default);
        Assert.Null(hooks.PacketWatcher);
        Assert.True(hooks.ClientCheckAuthzComplete.IsUsed);
        await Traces.DeleteAsync("topic", default);
        await Trace(TraceType.Ruleid, "r", name: "rule");
        Assert.Equal(before, Used());

        (bool, IPacketWatcher?) Used() => (hooks.ClientCheckAuthzComplete.IsUsed, hooks.PacketWatcher);
    }

    [Fact]
    public async Task Whatever_a_traced_client_sends_it_is_one_line_a_packet()
    {
        await Trace(TraceType.Clientid, "c");
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = "c" });
        await client.PublishAsync("x", "a\n2026-01-01T00:00:00.000000+00:00 [API] forged\r\n", qos: 1);
        await client.PublishAsync("x", Encoding.Latin1.GetString([0x7F, 0xFE]), qos: 1);
        await client.SubscribeAsync(null, [.. Enumerable.Range(0, 1500).Select(i => ($"some/long/filter/{i}", (byte)0))]);
        var lines = await LinesUpTo("SUBACK");
        Assert.DoesNotContain(lines, line => line.StartsWith("[API]", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 10_000));
        Assert.Empty(_broker.Errors.All);
    }
}
