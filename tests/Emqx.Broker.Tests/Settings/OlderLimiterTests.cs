using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>Rates in the form that they had before 5.0.25, which EMQX 5.8 still takes.</summary>
public sealed class OlderLimiterTests
{
    private static NodeConfiguration Load(string text)
    {
        var configuration = NodeConfiguration.Load(ConfigurationSources.FromText(NodeRoots.Catalogue, text, "test@127.0.0.1"), new Dictionary<string, string>(), out var failures);
        Assert.Empty(failures);
        return configuration!;
    }

    [Fact]
    public void A_node_has_rates_of_messages_and_bytes()
    {
        var older = Load("""limiter { messages.rate = "10/s", bytes_in { rate = "1KB/s", burst = 5 }, connection.rate = "3/s" }""");
        Assert.Equal(new LimiterSettings(-1, 10, 1024), LimiterSchema.Root.Read(older.Running));
        Assert.Equal(7, LimiterSchema.Root.Read(Load("""limiter { messages.rate = "10/s", messages_rate = "7/s" }""").Running).MessagesRate);
    }

    [Fact]
    public void A_listener_has_those_of_each_client_and_of_all_together()
    {
        var listener = Load("""
            listeners.tcp.default.limiter { client { messages.rate = "10/s", bytes { rate = "1KB/s", capacity = 5 } }, messages { rate = "20/s" }, bytes.rate = "2KB/s" }
            """).Listeners.Single(static one => one.Id == "tcp:default");
        Assert.Equal((10.0, 1024.0, 20.0, 2048.0), (listener.MessagesRate, listener.BytesRate, listener.SharedMessagesRate, listener.SharedBytesRate));
    }
}
