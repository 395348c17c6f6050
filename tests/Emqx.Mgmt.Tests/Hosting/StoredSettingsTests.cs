using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>What the API changes in the configuration: stored first, then in force.</summary>
public sealed class StoredSettingsTests
{
    private readonly InMemorySettingsStore _store = new();
    private readonly RunningConfiguration _running = NodeConfiguration.Load(ConfigurationSources.From([new("EMQX_NODE__DATA_DIR", ConfigurationSources.InMemory)]),
        new Dictionary<string, string>(), out _)!.Running;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static SettingsChange Change(string root, string json)
    {
        var requested = ConfigJson.Parse(json);
        return new(root, requested, SettingsCatalogue.KindOf(root)!.Check(requested, root, [])!);
    }

    private StoredSettings Control(ISettingsStore? store = null) => new(_running, store ?? _store, NullLogger<StoredSettings>.Instance);

    [Fact]
    public async Task The_request_is_stored_and_its_defaults_are_in_force()
    {
        using var control = Control();
        await control.ApplyAsync([Change("alarm", """{"size_limit":7}""")], Cancellation);
        Assert.Equal("""{"size_limit":7}""", (await _store.LoadAsync(Cancellation))["alarm"]);
        Assert.Equal("24h", _running["alarm"]["validity_period"]);
        Assert.Equal(7L, _running["alarm"]["size_limit"]);
    }

    [Fact]
    public async Task Roots_that_do_not_change_are_left_alone()
    {
        using var control = Control();
        var told = 0;
        _running.Follow(["alarm", "broker"], () => told++);
        await control.ApplyAsync([Change("alarm", "{}"), Change("broker", """{"session_history_retain":"0s"}""")], Cancellation);
        Assert.Empty(await _store.LoadAsync(Cancellation));
        Assert.Equal(0, told);
        await control.ApplyAsync([Change("alarm", "{}"), Change("broker", """{"session_history_retain":"1s"}""")], Cancellation);
        Assert.Equal(["broker"], (await _store.LoadAsync(Cancellation)).Keys);
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task Several_roots_are_in_force_at_once()
    {
        using var control = Control();
        var seen = new List<(ConfigValue?, ConfigValue?)>();
        _running.Follow(["alarm", "broker"], () => seen.Add((_running["alarm"]["size_limit"], _running["broker"]["session_history_retain"])));
        await control.ApplyAsync([Change("alarm", """{"size_limit":7}"""), Change("broker", """{"session_history_retain":"1s"}""")], Cancellation);
        Assert.Equal([((ConfigValue?)7L, (ConfigValue?)"1s")], seen);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_in_force()
    {
        using var control = Control(new FullStore());
        await Assert.ThrowsAsync<IOException>(async () => await control.ApplyAsync([Change("alarm", """{"size_limit":7}""")], Cancellation));
        Assert.Equal(1000L, _running["alarm"]["size_limit"]);
        await Assert.ThrowsAsync<IOException>(async () => await control.ApplyAsync([Change("alarm", """{"size_limit":8}""")], Cancellation));
    }

    /// <summary>A disc without room.</summary>
    private sealed class FullStore : ISettingsStore
    {
        public ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation) => throw new IOException("disc full");
    }
}
