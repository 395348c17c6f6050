using Emqx.Broker.Node;
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
    private readonly RunningConfiguration _running = NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, [new("EMQX_NODE__DATA_DIR", ConfigurationSources.InMemory)]),
        new Dictionary<string, string>(), out _)!.Running;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static SettingsChange Change(string root, string json)
    {
        var requested = ConfigJson.Parse(json);
        return new(root, requested, NodeRoots.Catalogue.KindOf(root)!.Check(requested, root, [])!);
    }

    private static ValueTask<bool> ApplyAsync(StoredSettings control, params SettingsChange[] changes) =>
        control.ChangeAsync<bool>(_ => new(new SettingsProposal<bool>(changes, true)), Cancellation);

    private StoredSettings Control(ISettingsStore? store = null) => new(_running, store ?? _store, NullLogger<StoredSettings>.Instance);

    [Fact]
    public async Task The_request_is_stored_and_its_defaults_are_in_force()
    {
        using var control = Control();
        await ApplyAsync(control, Change("alarm", """{"size_limit":7}"""));
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
        await ApplyAsync(control, Change("alarm", "{}"), Change("broker", """{"session_history_retain":"0s"}"""));
        Assert.Empty(await _store.LoadAsync(Cancellation));
        Assert.Equal(0, told);
        await ApplyAsync(control, Change("alarm", "{}"), Change("broker", """{"session_history_retain":"1s"}"""));
        Assert.Equal(["broker"], (await _store.LoadAsync(Cancellation)).Keys);
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task Several_roots_are_in_force_at_once()
    {
        using var control = Control();
        var seen = new List<(ConfigValue?, ConfigValue?)>();
        _running.Follow(["alarm", "broker"], () => seen.Add((_running["alarm"]["size_limit"], _running["broker"]["session_history_retain"])));
        await ApplyAsync(control, Change("alarm", """{"size_limit":7}"""), Change("broker", """{"session_history_retain":"1s"}"""));
        Assert.Equal([((ConfigValue?)7L, (ConfigValue?)"1s")], seen);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_in_force()
    {
        using var control = Control(new FullStore());
        await Assert.ThrowsAsync<IOException>(async () => await ApplyAsync(control, Change("alarm", """{"size_limit":7}""")));
        Assert.Equal(1000L, _running["alarm"]["size_limit"]);
        await Assert.ThrowsAsync<IOException>(async () => await ApplyAsync(control, Change("alarm", """{"size_limit":8}""")));
    }

    [Fact]
    public async Task A_change_sees_what_the_one_before_has_left()
    {
        var writing = new TaskCompletionSource();
        using var control = Control(new SlowStore(writing.Task));
        var first = ApplyAsync(control, Change("alarm", """{"size_limit":7}"""));
        var second = control.ChangeAsync<ConfigValue?>(present => new(new SettingsProposal<ConfigValue?>(present["alarm"]["size_limit"])), Cancellation);
        Assert.False(second.IsCompleted);
        writing.SetResult();
        await first;
        Assert.Equal(7L, await second);
    }

    [Fact]
    public async Task A_change_that_fails_lets_the_next_one_in()
    {
        using var control = Control();
        await Assert.ThrowsAsync<TimeoutException>(async () => await control.ChangeAsync<bool>(_ => throw new TimeoutException(), Cancellation));
        Assert.True(await ApplyAsync(control, Change("alarm", """{"size_limit":7}""")));
    }

    /// <summary>A disc that waits.</summary>
    private sealed class SlowStore(Task written) : ISettingsStore
    {
        public ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation) =>
            new(new Dictionary<string, string>());

        public ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation) => new(written);
    }

    /// <summary>A disc without room.</summary>
    private sealed class FullStore : ISettingsStore
    {
        public ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation) =>
            new(new Dictionary<string, string>());

        public ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation) => throw new IOException("disc full");
    }
}
