using Emqx.Broker.Storage;
using Xunit;

namespace Emqx.Storage.Tests;

/// <summary>What every storage must do. <see cref="ReopenAsync"/> gives the stores as a restart finds them, where there is such a thing.</summary>
public abstract class StoreContract
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    private protected abstract Stores Open();

    private protected abstract ValueTask<Stores> ReopenAsync();

    [Fact]
    public async Task Api_keys_are_kept_in_the_order_of_their_creation()
    {
        var keys = Open().ApiKeys;
        var second = new StoredApiKey("a", "key2", [3], [4, 5], "", Enable: true, ExpiresAt: null, CreatedAt: 2, FromBootstrap: true);
        await keys.SaveAsync(new("b", "key1", [1], [2], "first", Enable: true, ExpiresAt: 5, CreatedAt: 1, FromBootstrap: false), None);
        await keys.SaveAsync(second, None);
        await keys.SaveAsync(new("c", "key3", [1], [2], "", Enable: true, ExpiresAt: null, CreatedAt: 3, FromBootstrap: false), None);
        await keys.SaveAsync(new("b", "key1", [1], [2], "changed", Enable: false, ExpiresAt: 6, CreatedAt: 1, FromBootstrap: false), None);
        await keys.DeleteAsync("c", None);
        await keys.DeleteAsync("nosuch", None);

        var found = await (await ReopenAsync()).ApiKeys.LoadAsync(None);
        Assert.Equal(["b", "a"], found.Select(key => key.Name));
        Assert.Equal(("changed", false, 6L), (found[0].Description, found[0].Enable, found[0].ExpiresAt));
        Assert.Equivalent(second, found[1], strict: true);
    }

    [Fact]
    public async Task Users_are_kept()
    {
        var users = Open().Users;
        var admin = new StoredUser("admin", "the first", [1, 2], [3, 4], 10_000, 7);
        await users.SaveAsync(admin with { Description = "" }, None);
        await users.SaveAsync(new("ö'; --", "", [1], [2], 1, 8), None);
        await users.SaveAsync(admin, None);

        users = (await ReopenAsync()).Users;
        var found = await users.LoadAsync(None);
        Assert.Equal(["admin", "ö'; --"], found.Select(user => user.Username));
        Assert.Equivalent(admin, found[0], strict: true);
        await users.DeleteAsync("admin", None);
        Assert.Single(await users.LoadAsync(None));
    }

    [Fact]
    public async Task Tokens_are_kept_renewed_and_ended()
    {
        var tokens = Open().Tokens;
        foreach (var hash in new[] { "a", "b", "c", "d" })
            await tokens.SaveAsync(new(hash, hash == "d" ? "other" : "admin", 100, 1), None);
        tokens.Renew("a", 200, 2);
        tokens.Renew("a", 300, 3);
        tokens.Renew("nosuch", 300, 3);
        await tokens.DeleteAsync("b", None);

        tokens = (await ReopenAsync()).Tokens;
        Assert.Equal([new("a", "admin", 300, 3), new("c", "admin", 100, 1), new("d", "other", 100, 1)], await tokens.LoadAsync(None));
        await tokens.DeleteExpiredAsync(101, None);
        Assert.Equal("a", Assert.Single(await tokens.LoadAsync(None)).TokenHash);
        await tokens.DeleteOfUserAsync("admin", None);
        Assert.Empty(await tokens.LoadAsync(None));
    }

    [Fact]
    public async Task Bans_are_kept_by_kind_and_target()
    {
        var bans = Open().Bans;
        var ban = new StoredBan("clientid", "x", "mgmt_api", "why", 1, 100);
        await bans.SaveAsync(ban with { Reason = "" }, None);
        await bans.SaveAsync(ban, None);
        await bans.SaveAsync(ban with { As = "username" }, None);
        await bans.SaveAsync(ban with { As = "peerhost", Until = null }, None);
        await bans.DeleteAsync("username", "x", None);

        bans = (await ReopenAsync()).Bans;
        Assert.Equal([ban, ban with { As = "peerhost", Until = null }], await bans.LoadAsync(None));
        await bans.DeleteExpiredAsync(101, None);
        Assert.Equal("peerhost", Assert.Single(await bans.LoadAsync(None)).As);
        await bans.ClearAsync(None);
        Assert.Empty(await bans.LoadAsync(None));
    }

    [Fact]
    public async Task Authorization_rules_are_kept_by_subject()
    {
        var rules = Open().AuthzRules;
        var ann = new StoredAuthzRules("username", "ann'; --", "[1]");
        await rules.SaveAsync([ann with { Rules = "[]" }, ann with { Kind = "clientid" }, new("all", "", "[2]")], None);
        await rules.SaveAsync([ann], None);
        await rules.DeleteAsync("clientid", ann.Who, None);
        await rules.DeleteAsync("clientid", "nobody", None);

        rules = (await ReopenAsync()).AuthzRules;
        Assert.Equal([new("all", "", "[2]"), ann], (await rules.LoadAsync(None)).OrderBy(one => one.Kind, StringComparer.Ordinal));
        await rules.ClearAsync(None);
        Assert.Empty(await rules.LoadAsync(None));
    }

    [Fact]
    public async Task Users_of_authenticators_are_kept_by_authenticator_and_id()
    {
        var users = Open().AuthnUsers;
        var one = new StoredAuthnUser("password_based:x", "a'ö", [1, 0], [], [2], IsSuperuser: true);
        await users.SaveAsync([one with { Hash = [9] }, one with { UserId = "b" }, one with { Authenticator = "scram:x", ServerKey = [3] }], None);
        await users.SaveAsync([one], None);
        await users.SaveAsync([], None);
        await users.DeleteAsync("password_based:x", "b", None);
        await users.DeleteAsync("password_based:x", "nosuch", None);

        users = (await ReopenAsync()).AuthnUsers;
        var found = await users.LoadAsync(None);
        Assert.Equal(2, found.Count);
        Assert.Equivalent(one, found[0], strict: true);
        Assert.Equivalent(one with { Authenticator = "scram:x", ServerKey = [3] }, found[1], strict: true);
        await users.ClearAsync("password_based:x", None);
        Assert.Equal("scram:x", Assert.Single(await users.LoadAsync(None)).Authenticator);
    }

    [Fact]
    public async Task Retained_messages_are_kept_by_topic()
    {
        var retained = Open().Retained;
        await retained.WriteAsync(clears: false, Changes(("a/'b", [1]), ("ü", [2, 0]), ("gone", [3])), None);
        await retained.WriteAsync(clears: false, Changes(("a/'b", [4]), ("gone", null), ("nosuch", null)), None);

        retained = (await ReopenAsync()).Retained;
        Assert.Equal(["02-00", "04"], await LoadAsync(retained));
        await retained.WriteAsync(clears: true, Changes(("new", [5])), None);
        Assert.Equal(["05"], await LoadAsync(retained));
        await retained.WriteAsync(clears: true, Changes(), None);
        await retained.WriteAsync(clears: true, Changes(), None);
        Assert.Empty(await LoadAsync(retained));
    }

    private static Dictionary<string, byte[]?> Changes(params (string Topic, byte[]? Message)[] changes) => changes.ToDictionary(one => one.Topic, one => one.Message);

    private static async Task<IEnumerable<string>> LoadAsync(IRetainedMessageStore retained)
    {
        var found = new List<string>();
        await retained.LoadAsync(message => found.Add(BitConverter.ToString(message)), None);
        return found.Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Alarms_are_kept_active_and_past()
    {
        var alarms = Open().Alarms;
        var one = new StoredAlarm(1, "n@h", "cpu", "high", """{"usage":1}""", 10, null);
        await alarms.SaveAsync(one with { Id = 2 }, None);
        await alarms.SaveAsync(one, None);
        await alarms.SaveAsync(one with { Id = 3, DeactivatedAt = 11 }, None);
        await alarms.SaveAsync(one with { Id = 4 }, None);
        await alarms.SaveAsync(one with { DeactivatedAt = 12 }, None);
        await alarms.DeleteAsync([4, 9], None);

        alarms = (await ReopenAsync()).Alarms;
        Assert.Equal([one with { DeactivatedAt = 12 }, one with { Id = 2 }, one with { Id = 3, DeactivatedAt = 11 }], await alarms.LoadAsync(None));
        await alarms.ClearPastAsync(None);
        Assert.Equal(2, Assert.Single(await alarms.LoadAsync(None)).Id);
    }

    [Fact]
    public async Task Delayed_messages_are_kept_by_place()
    {
        var delayed = Open().Delayed;
        var one = new StoredDelayedMessage(7, 1_000, 5)
        {
            IdHigh = long.MinValue, IdLow = -1, Topic = "a/ö", Payload = [0, 1, 255], Qos = 2, Retain = true, Properties = [3], From = "c", FromUsername = "u",
            FromPeerHost = "::1", PublishedAt = 4, ExpiresAt = 5, ExpiryIsDefault = true,
        };
        var bare = new StoredDelayedMessage(3, 2_000, 0) { Topic = "b", Payload = [], From = "" };
        await delayed.SaveAsync([one with { Qos = 0 }, bare, bare with { Place = 9 }, bare with { Place = 5 }], None);
        await delayed.SaveAsync([one], None);
        await delayed.DeleteAsync([9, 5, 1234], None);

        delayed = (await ReopenAsync()).Delayed;
        var found = await delayed.LoadAsync(None);
        Assert.Equal(2, found.Count);
        Assert.Equivalent(bare, found[0], strict: true);
        Assert.Equivalent(one, found[1], strict: true);
        await delayed.ClearAsync(None);
        Assert.Empty(await delayed.LoadAsync(None));
    }

    [Fact]
    public async Task Traces_are_kept_in_the_order_of_their_creation()
    {
        var traces = Open().Traces;
        var trace = new StoredTrace("b", "topic", "a/#", "hidden", "json", 1, 2, Enable: true);
        await traces.SaveAsync(trace, None);
        await traces.SaveAsync(trace with { Name = "a", Type = "clientid", Filter = "ö'; --" }, None);
        await traces.SaveAsync(trace with { Name = "c" }, None);
        await traces.SaveAsync(trace with { Enable = false }, None);
        await traces.DeleteAsync("c", None);
        await traces.DeleteAsync("nosuch", None);

        traces = (await ReopenAsync()).Traces;
        Assert.Equal([trace with { Enable = false }, trace with { Name = "a", Type = "clientid", Filter = "ö'; --" }], await traces.LoadAsync(None));
        await traces.ClearAsync(None);
        Assert.Empty(await traces.LoadAsync(None));
    }

    [Fact]
    public async Task Samples_are_kept_thinned_and_forgotten()
    {
        var samples = Open().Samples;
        var all = new StoredMonitorSample(30)
        {
            Received = 1, Sent = 2, Dropped = 3, Persisted = 4, ValidationSucceeded = 5, ValidationFailed = 6, TransformationSucceeded = 7,
            TransformationFailed = 8, Connections = 9, LiveConnections = 10, Subscriptions = 11, SubscriptionsDurable = 12, SubscriptionsRam = 13,
            DisconnectedDurableSessions = 14, Topics = 15,
        };
        foreach (var at in new[] { 10, 20, 40, 50 })
            samples.Append(new(at));
        samples.Append(all);
        await samples.ReplaceAsync([40, 50], [new(45) { Sent = 9 }], None);

        samples = (await ReopenAsync()).Samples;
        Assert.Equal([new(20), all, new(45) { Sent = 9 }], await samples.LoadAsync(20, None));
        await samples.DeleteBeforeAsync(30, None);
        Assert.Equal([30L, 45], (await samples.LoadAsync(0, None)).Select(sample => sample.At));
        await samples.ClearAsync(None);
        Assert.Empty(await samples.LoadAsync(0, None));
    }

    [Fact]
    public async Task Settings_are_kept_by_root()
    {
        var settings = Open().Settings;
        await settings.SaveAsync(new Dictionary<string, string?> { ["mqtt"] = """{"a":1}""", ["alarm"] = "{}" }, None);
        await settings.SaveAsync(new Dictionary<string, string?> { ["mqtt"] = """{"a":2}""", ["alarm"] = null, ["listeners.tcp.default"] = "\"marked_for_deletion\"" }, None);

        Assert.Equivalent(new Dictionary<string, string> { ["mqtt"] = """{"a":2}""", ["listeners.tcp.default"] = "\"marked_for_deletion\"" },
            await (await ReopenAsync()).Settings.LoadAsync(None), strict: true);
    }
}

/// <summary>The contract, in memory.</summary>
public sealed class InMemoryStoreTests : StoreContract
{
    private readonly Stores _stores = Stores.InMemory();

    private protected override Stores Open() => _stores;

    private protected override ValueTask<Stores> ReopenAsync() => new(_stores);
}
