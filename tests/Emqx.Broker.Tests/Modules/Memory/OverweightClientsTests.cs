using System.Collections.Concurrent;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Memory;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Memory;

/// <summary>What the log tells of force_shutdown.</summary>
public sealed class OverweightClientsTests
{
    [Fact]
    public async Task A_session_that_force_shutdown_ends_is_named_in_the_log_with_the_bound()
    {
        var lines = new Lines();
        await using var broker = await TestBroker.StartAsync(configure: services => services
            .AddSingleton<ILogger<OverweightClients>>(lines)
            .AddSingleton(new SettingsRoot<ZoneSettings>(new ZoneSettings { ForceShutdown = new ForceShutdownSettings(MaxHeapSize: 12_000) })));
        await using var light = await broker.ConnectAsync();
        await light.DisconnectAsync();
        await using var client = await broker.ConnectAsync(new ConnectOptions { ClientId = "heavy" });
        await client.SubscribeAsync("a", 1);
        for (var i = 0; i < 60; i++)
            broker.Get<Publisher>().Publish(Message.Create("a", "x"u8.ToArray(), "p", 0, qos: 1));
        await Eventually.TrueAsync(() => !lines.All.IsEmpty, "a line");
        Assert.Equal("1 sessions were ended, the latest of them of heavy: more waited in it than force_shutdown.max_heap_size, 12000 bytes", Assert.Single(lines.All));
    }

    private sealed class Lines : ILogger<OverweightClients>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception));
    }
}
