using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Storage.InMemory;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Users;

/// <summary>The users of one authenticator, in memory and in storage.</summary>
public sealed class AuthnUserSetTests : IDisposable
{
    private const string Authenticator = "password_based:built_in_database";
    private readonly InMemoryAuthnUserStore _store = new();
    private readonly AuthnUserSet _users;

    public AuthnUserSetTests() => _users = new(Authenticator, _store);

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _users.Dispose();

    [Fact]
    public async Task What_changes_is_in_storage_and_comes_back()
    {
        Assert.True(await _users.TryAddAsync(User("a"), None));
        Assert.False(await _users.TryAddAsync(User("a", "other"), None));
        Assert.True(await _users.TryAddAsync(User("b"), None));
        Assert.Null(await _users.ReplaceAsync("c", static one => one, None));
        Assert.True((await _users.ReplaceAsync("a", one => User("a", "new").WithSuperuser(!one.IsSuperuser), None))!.IsSuperuser);
        Assert.Equal("b", (await _users.DeleteAsync("b", None))!.Id);
        Assert.Null(await _users.DeleteAsync("b", None));

        using var again = new AuthnUserSet(Authenticator, _store);
        again.Load(await _store.LoadAsync(None));
        Assert.Equal(1, again.Count);
        Assert.True(again.Find("a")!.IsSame(User("a", "new").WithSuperuser(true)));
        Assert.Null(again.Find("A"));
    }

    [Theory]
    [InlineData(true, "success 1, override 2, skipped 1, failed 0 of 4", "a:2 b:3")]
    [InlineData(false, "success 1, override 0, skipped 1, failed 2 of 4", "a:1 b:2")]
    public async Task An_import_counts_what_it_finds(bool overrides, string count, string kept)
    {
        await _users.TryAddAsync(User("a", "1"), None);
        var made = await _users.ImportAsync([User("a", "2"), User("b", "2"), User("b", "2"), User("b", "3")], overrides, None);
        Assert.Equal(count, $"success {made.Success}, override {made.Override}, skipped {made.Skipped}, failed {made.Failed} of {made.Total}");
        Assert.Equal(kept, string.Join(' ', _users.Copy().Reverse().Select(static user => $"{user.Id}:{(char)user.Hash[0]}")));
        Assert.Equal(kept, string.Join(' ', (await _store.LoadAsync(None)).OrderBy(static row => row.UserId, StringComparer.Ordinal).Select(static row => $"{row.UserId}:{(char)row.Hash[0]}")));
    }

    [Fact]
    public async Task A_page_begins_with_the_last_id()
    {
        await _users.ImportAsync([.. Enumerable.Range(0, 1000).Select(static number => User($"u{number:000}").WithSuperuser(number % 10 == 0))], overrides: true, None);
        Assert.Equal(("u999", "u998", 1000L, true), Page(default, 0, 2));
        Assert.Equal(("u001", "u000", 1000L, false), Page(default, 998, 2));
        Assert.Equal(("u980", "u970", 100L, true), Page(new(null, true), 1, 2));
        Assert.Equal(("u009", "u008", 900L, true), Page(new(null, false), 891, 2));
        Assert.Empty(_users.List(default, long.MaxValue, 100).Users);
        Assert.Empty(_users.List(new("u", null), long.MaxValue, 100).Users);
        Assert.False(_users.List(default, long.MaxValue, 100).HasNext);
    }

    [Theory]
    [InlineData("u7", 0, 10, 10, true)]
    [InlineData("u7", 95, 10, 5, false)]
    [InlineData("u70", 0, 10, 10, false)]
    [InlineData("U7", 0, 10, 0, false)]
    [InlineData("", 990, 10, 10, false)]
    public async Task A_search_is_not_counted(string part, long skip, int limit, int found, bool hasNext)
    {
        await _users.ImportAsync([.. Enumerable.Range(0, 1000).Select(static number => User($"u{number:000}"))], overrides: true, None);
        var page = _users.List(new(part, null), skip, limit);
        Assert.Equal((found, null, hasNext), (page.Users.Count, page.Count, page.HasNext));
    }

    [Fact]
    public async Task Ids_are_ordered_by_their_bytes()
    {
        await _users.ImportAsync([User("\uE000"), User("\U00010000"), User("ü"), User("z")], overrides: true, None);
        Assert.Equal(["\U00010000", "\uE000", "ü", "z"], _users.List(default, 0, 10).Users.Select(static user => user.UserId));
    }

    [Fact]
    public async Task What_is_forgotten_does_not_come_back()
    {
        await _users.TryAddAsync(User("a"), None);
        await _store.SaveAsync([User("x").ToStored("other")], None);
        _users.Forget();
        Assert.Null(_users.Find("a"));
        Assert.True(await _users.TryAddAsync(User("b"), None));
        Assert.Equal("b x", string.Join(' ', (await _store.LoadAsync(None)).Select(static row => row.UserId).Order(StringComparer.Ordinal)));
        _users.Forget();
        await _users.SettleAsync(None);
        Assert.Equal("x", Assert.Single(await _store.LoadAsync(None)).UserId);
    }

    private (string First, string Second, long? Count, bool HasNext) Page(AuthnUserFilter filter, long skip, int limit)
    {
        var page = _users.List(filter, skip, limit);
        return (page.Users[0].UserId, page.Users[1].UserId, page.Count, page.HasNext);
    }

    private static AuthnUser User(string id, string hash = "1") => new(id, false, System.Text.Encoding.UTF8.GetBytes(hash), [], []);
}
