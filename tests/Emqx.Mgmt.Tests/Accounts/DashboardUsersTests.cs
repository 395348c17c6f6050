using System.Net;
using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Storage;
using Emqx.Mgmt.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Accounts;

/// <summary>Users, their passwords and tokens below the API.</summary>
public sealed class DashboardUsersTests : IAsyncLifetime
{
    private const string Password = "Right-one-1";
    private static readonly IPAddress s_home = IPAddress.Parse("192.0.2.1");
    private readonly EmqxApp _app = new();

    private DashboardUsers Users => _app.Services.GetRequiredService<DashboardUsers>();

    private DashboardTokens Tokens => _app.Services.GetRequiredService<DashboardTokens>();

    private PasswordCheck Check => _app.Services.GetRequiredService<PasswordCheck>();

    private IDashboardUserStore Store => _app.Services.GetRequiredService<IDashboardUserStore>();

    public async ValueTask InitializeAsync() => Assert.True(await Users.TryCreateAsync("eve", Password, "", Never));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_login_that_the_users_end_overtook_gets_no_token()
    {
        var proven = await ProveAsync();
        await Users.DeleteAsync("eve", Never);
        Assert.Null(await Users.IssueTokenAsync(proven, Never));
        await Users.TryCreateAsync("eve", Password, "", Never);
        Assert.Null(await Users.IssueTokenAsync(proven, Never));
    }

    [Fact]
    public async Task A_login_that_a_new_password_overtook_gets_no_token_and_sets_no_password()
    {
        var proven = await ProveAsync();
        Assert.True(await Users.ChangePasswordAsync(proven, "Other-two-2", Never));
        Assert.Null(await Users.IssueTokenAsync(proven, Never));
        Assert.False(await Users.ChangePasswordAsync(proven, "Third-one-3", Never));
        Assert.Null((await Check.CheckAsync(s_home, "eve", Password, Never)).User);
    }

    [Fact]
    public async Task A_new_description_is_no_new_password()
    {
        var proven = await ProveAsync();
        await Users.DescribeAsync("eve", "new", Never);
        Assert.NotNull(await Users.IssueTokenAsync(proven, Never));
        Assert.True(Users.IsProven((await Users.FindAsync("eve", Never))!, Password));
    }

    [Fact]
    public async Task A_token_is_worth_nothing_without_its_user()
    {
        var token = await Tokens.IssueAsync("nobody");
        using var client = _app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal("401 BAD_TOKEN", await (await client.GetAsync("/api/v5/nodes")).FailureAsync());
        await Users.LoadAsync("admin", "public", Never);
        Assert.Equal(TokenState.Unknown, Tokens.Use(token, out _));
    }

    [Fact]
    public async Task A_user_has_a_hundred_tokens_and_one_more_ends_the_one_that_was_used_least_lately()
    {
        var proven = await ProveAsync();
        var tokens = new List<string>();
        for (var i = 0; i < 101; i++)
            tokens.Add((await Users.IssueTokenAsync(proven, Never))!);
        Assert.Equal(100, tokens.Count(token => Tokens.Use(token, out _) == TokenState.Valid));
        Assert.Equal(TokenState.Valid, Tokens.Use(tokens[^1], out _));
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_made_anew_when_its_password_was_right()
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var old = new StoredUser("old", "", salt, Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(Password), salt, 100, HashAlgorithmName.SHA256, 32), 100, 1);
        await Store.SaveAsync(old, Never);
        await Users.LoadAsync("admin", "public", Never);
        Assert.Null((await Check.CheckAsync(s_home, "old", "wrong", Never)).User);
        Assert.Equal(100, (await FindStoredAsync("old")).Iterations);
        var proven = (await Check.CheckAsync(s_home, "old", Password, Never)).User;
        Assert.NotNull(proven);
        Assert.Equal(1_000, (await FindStoredAsync("old")).Iterations);
        Assert.NotNull(await Users.IssueTokenAsync(proven, Never));
        await Users.LoadAsync("admin", "public", Never);
        Assert.NotNull((await Check.CheckAsync(s_home, "old", Password, Never)).User);
    }

    [Fact]
    public async Task A_right_password_opens_nothing_where_too_many_were_wrong_though_it_was_right_before()
    {
        await ProveAsync();
        var guesser = IPAddress.Parse("2001:db8::1");
        for (var i = 0; i < 120; i++)
            Assert.True((await Check.CheckAsync(guesser, "eve", $"guess {i}", Never)).IsLookedAt);
        Assert.False((await Check.CheckAsync(IPAddress.Parse("2001:db8::2"), "eve", Password, Never)).IsLookedAt);
        Assert.NotNull((await Check.CheckAsync(s_home, "eve", Password, Never)).User);
    }

    [Fact]
    public async Task Guessers_in_numbers_do_not_keep_the_owner_out()
    {
        using var hasher = new PasswordHasher(new PasswordRounds(10_000));
        var gate = new LoginGate(TimeProvider.System);
        var check = new PasswordCheck(gate, hasher, Users);
        var guessers = Enumerable.Range(0, 100).Select(i => IPAddress.Parse($"198.51.100.{i}")).ToArray();
        foreach (var guesser in guessers)
            gate.NoteFailure(LoginOrigin.Of(guesser));
        var guesses = Enumerable.Range(0, 400).Select(i => check.CheckAsync(guessers[i % 100], "eve", $"guess {i}", Never)).ToArray();
        Assert.NotNull((await check.CheckAsync(s_home, "eve", Password, Never)).User);
        await Task.WhenAll(guesses);
    }

    [Fact]
    public async Task A_change_that_was_begun_is_finished_though_the_request_is_over()
    {
        var token = (await Users.IssueTokenAsync(await ProveAsync(), Never))!;
        using var over = new CancellationTokenSource();
        var deletion = Users.DeleteAsync("eve", over.Token);
        await over.CancelAsync();
        Assert.True(await deletion);
        Assert.DoesNotContain(await Store.LoadAsync(Never), user => user.Username == "eve");
        Assert.Equal(TokenState.Unknown, Tokens.Use(token, out _));
    }

    private static CancellationToken Never => CancellationToken.None;

    private async Task<StoredUser> FindStoredAsync(string username) => (await Store.LoadAsync(Never)).Single(user => user.Username == username);

    private async Task<DashboardUser> ProveAsync() => (await Check.CheckAsync(s_home, "eve", Password, Never)).User!;
}
