using System.Net.Sockets;
using Emqx.Broker.Mqtt.Listening;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Peers leave the process the descriptors that it needs for itself.</summary>
public sealed class DescriptorsTests
{
    private long _limit = 1_000_000;

    [Theory, InlineData(1_000_000, true), InlineData(long.MaxValue, true), InlineData(10, false)]
    public void The_number_of_a_descriptor_tells_whether_it_is_one_of_the_last(long limit, bool admitted)
    {
        _limit = limit;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var descriptors = new Descriptors(TimeProvider.System, NullLogger<Descriptors>.Instance, () => _limit);
        Assert.Equal(admitted, descriptors.Admits(socket, Descriptors.MqttReserve));
    }

    [Fact]
    public void The_processs_own_limit_is_asked_for()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var descriptors = new Descriptors(TimeProvider.System, NullLogger<Descriptors>.Instance);
        Assert.True(descriptors.Admits(socket, Descriptors.MqttReserve));
        Assert.False(descriptors.Admits(socket, int.MaxValue));
    }

    [Fact]
    public async Task A_limit_that_is_moved_while_the_node_runs_is_seen_at_once()
    {
        var descriptors = new Descriptors(TimeProvider.System, NullLogger<Descriptors>.Instance, () => _limit);
        await using var broker = await TestBroker.StartAsync(configure: services => services.AddSingleton(descriptors));
        await using (var client = await broker.ConnectAsync())
            await client.ExpectNothingAsync();
        _limit = 10;
        await IsRefusedAsync(broker);
        _limit = 1_000_000;
        await using var again = await broker.ConnectAsync();
        await again.ExpectNothingAsync();
    }

    /// <summary>The reset may come before the client has seen its connection.</summary>
    private static async Task IsRefusedAsync(TestBroker broker)
    {
        try
        {
            await using var refused = await broker.OpenAsync();
            await refused.ExpectClosedAsync();
        }
        catch (SocketException error)
        {
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        }
    }
}
