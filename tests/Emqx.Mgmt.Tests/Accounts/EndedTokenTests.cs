using System.Net;
using Emqx.Broker.Storage;
using Emqx.Mgmt.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Emqx.Mgmt.Tests.Accounts;

/// <summary>A token is ended on disk before anybody can see that it is.</summary>
public sealed class EndedTokenTests : IAsyncLifetime
{
    private readonly SlowStore _store = new();
    private readonly EmqxApp _app;

    public EndedTokenTests() => _app = new EmqxApp { With = services => services.Replace(ServiceDescriptor.Singleton<ITokenStore>(_store)) };

    private DashboardTokens Tokens => _app.Services.GetRequiredService<DashboardTokens>();

    private DashboardUsers Users => _app.Services.GetRequiredService<DashboardUsers>();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_token_whose_end_is_not_on_disk_yet_is_valid()
    {
        var token = await Tokens.IssueAsync("admin");
        await HeldAsync(token, () => Tokens.EndAsync(token.AsMemory()));
    }

    [Fact]
    public async Task A_users_tokens_whose_end_is_not_on_disk_yet_are_valid()
    {
        Assert.True(await Users.TryCreateAsync("eve", "Right-one-1", "", CancellationToken.None));
        var token = await Tokens.IssueAsync("eve");
        await HeldAsync(token, () => Users.DeleteAsync("eve", CancellationToken.None));
    }

    [Fact]
    public async Task A_token_whose_end_could_not_be_stored_stays_and_the_logout_says_so()
    {
        using var client = await _app.WithTokenAsync();
        _store.Held = Task.FromException(new IOException("disk full"));
        using var answer = await client.PostAsync(new Uri("/api/v5/logout", UriKind.Relative), Answers.Json("""{"username":"admin"}"""));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        using var users = await client.GetAsync(new Uri("/api/v5/users", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, users.StatusCode);
    }

    [Theory]
    [InlineData("root", "public", true), InlineData("root", "", false), InlineData("", "public", false)]
    public async Task The_default_user_is_made_where_it_has_a_name_and_a_password(string username, string password, bool isMade)
    {
        await Users.SettleAsync();
        var before = Users.All.Count();
        await Users.LoadAsync(username, password, CancellationToken.None);
        await Users.SettleAsync();
        Assert.Equal(before + (isMade ? 1 : 0), Users.All.Count());
    }

    private async Task HeldAsync(string token, Func<Task> end)
    {
        var held = new TaskCompletionSource();
        _store.Held = held.Task;
        var ending = end();
        Assert.False(ending.IsCompleted);
        Assert.Equal(TokenState.Valid, Tokens.Use(token, out _));
        held.SetResult();
        await ending;
        Assert.Equal(TokenState.Unknown, Tokens.Use(token, out _));
    }

    /// <summary>Keeps nothing; what removes tokens takes as long as it is told.</summary>
    private sealed class SlowStore : ITokenStore
    {
        public Task Held { get; set; } = Task.CompletedTask;

        public ValueTask<IReadOnlyList<StoredToken>> LoadAsync(CancellationToken cancellation) => new([]);

        public ValueTask SaveAsync(StoredToken token, CancellationToken cancellation) => default;

        public void Renew(string tokenHash, long expiresAt, long lastUsedAt)
        {
        }

        public ValueTask DeleteAsync(string tokenHash, CancellationToken cancellation) => new(Held);

        public ValueTask DeleteOfUserAsync(string username, CancellationToken cancellation) => new(Held);

        public ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation) => new(Held);
    }
}
