using Emqx.Broker.Tests.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>One broker with default settings for all tests that change none.</summary>
public sealed class SharedBroker : IAsyncLifetime
{
    public TestBroker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => Broker.DisposeAsync();

    public Task<RawMqttClient> OpenAsync(byte version = 5) => Broker.OpenAsync(version);

    public Task<RawMqttClient> ConnectAsync(byte version = 5) => Broker.ConnectAsync(version);

    public Task<RawMqttClient> ConnectAsync(ConnectOptions options) => Broker.ConnectAsync(options);
}
