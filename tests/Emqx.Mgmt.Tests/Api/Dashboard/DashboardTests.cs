using System.Net;
using System.Net.Http.Json;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Dashboard;

/// <summary>Login, tokens and users.</summary>
public sealed class DashboardTests
{
    private const string Good = "Passw0rd_1";

    [Fact]
    public async Task A_login_gives_a_token_of_its_own_each_time()
    {
        await using var app = new EmqxApp();
        var (first, second) = (await app.TokenAsync(), await app.TokenAsync());
        Assert.NotEqual(first, second);
        Assert.Equal(3, first.Split('.').Length);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, first)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, second)).StatusCode);
    }

    [Fact]
    public async Task Unknown_users_and_wrong_passwords_are_told_alike()
    {
        await using var app = new EmqxApp();
        using var client = app.Anonymous();
        var unknown = await client.PostAsJsonAsync("/api/v5/login", new { username = "nobody", password = "public" });
        var wrong = await client.PostAsJsonAsync("/api/v5/login", new { username = "admin", password = "wrong" });
        Assert.Equal("401 BAD_USERNAME_OR_PWD", await unknown.FailureAsync());
        Assert.Equal(await unknown.Content.ReadAsStringAsync(), await wrong.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_token_lives_60_minutes_from_its_last_use()
    {
        var clock = new ManualClock();
        await using var app = new EmqxApp { Time = clock };
        var token = await app.TokenAsync();
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, token)).StatusCode);
        }

        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("401 TOKEN_TIME_OUT", await (await GetAsync(app, token)).FailureAsync());
        clock.Advance(TimeSpan.FromHours(2));
        await app.TokenAsync();
        Assert.Equal("401 BAD_TOKEN", await (await GetAsync(app, token)).FailureAsync());
    }

    [Fact]
    public async Task A_logout_ends_the_token_that_was_used_and_no_other()
    {
        await using var app = new EmqxApp();
        using var client = await app.WithTokenAsync();
        var other = await app.TokenAsync();
        Assert.Equal("401 WRONG_TOKEN_OR_USERNAME", await (await client.PostAsJsonAsync("/api/v5/logout", new { username = "other" })).FailureAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync("/api/v5/logout", new { username = "admin" })).StatusCode);
        Assert.Equal("401 BAD_TOKEN", await (await client.GetAsync("/api/v5/nodes")).FailureAsync());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, other)).StatusCode);
    }

    [Fact]
    public async Task A_changed_password_ends_the_users_tokens_and_the_old_password()
    {
        await using var app = new EmqxApp();
        using var admin = await app.WithTokenAsync();
        await admin.PostAsJsonAsync("/api/v5/users", new { username = "eve", password = Good, description = "" });
        var token = await app.TokenAsync("eve", Good);
        using var key = app.WithKey();
        Assert.Equal("400 ERROR_PWD_NOT_MATCH", await (await ChangeAsync(key, "wrong", "Other_pass2")).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await ChangeAsync(key, Good, "short1")).FailureAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(key, Good, "Other_pass2")).StatusCode);
        Assert.Equal("401 BAD_TOKEN", await (await GetAsync(app, token)).FailureAsync());
        using var anonymous = app.Anonymous();
        Assert.Equal("401 BAD_USERNAME_OR_PWD", await (await anonymous.PostAsJsonAsync("/api/v5/login", new { username = "eve", password = Good })).FailureAsync());
        Assert.NotEmpty(await app.TokenAsync("eve", "Other_pass2"));

        Task<HttpResponseMessage> ChangeAsync(HttpClient client, string old, string fresh) =>
            client.PostAsJsonAsync("/api/v5/users/eve/change_pwd", new { old_pwd = old, new_pwd = fresh });
    }

    [Theory]
    [InlineData("abcdefg1", true)]
    [InlineData("abcd efgh", true)]
    [InlineData("1234567!", true)]
    [InlineData("abcdef1", false)]
    [InlineData("abcdefgh", false)]
    [InlineData("12345678", false)]
    [InlineData("!!!!!!!!", false)]
    [InlineData("abcdefg1é", false)]
    public async Task A_password_has_8_to_64_characters_of_two_kinds(string password, bool good)
    {
        await using var app = new EmqxApp();
        using var admin = await app.WithTokenAsync();
        using var answer = await admin.PostAsJsonAsync("/api/v5/users", new { username = "eve", password, description = "" });
        Assert.Equal(good ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Neither_the_default_user_nor_oneself_can_be_deleted()
    {
        await using var app = new EmqxApp();
        using var admin = await app.WithTokenAsync();
        await admin.PostAsJsonAsync("/api/v5/users", new { username = "eve", password = Good, description = "d" });
        using var eve = await app.WithTokenAsync("eve", Good);
        Assert.Equal("400 NOT_ALLOWED", await (await eve.DeleteAsync("/api/v5/users/eve")).FailureAsync());
        Assert.Equal("400 NOT_ALLOWED", await (await eve.DeleteAsync("/api/v5/users/admin")).FailureAsync());
        Assert.Equal("404 USER_NOT_FOUND", await (await eve.DeleteAsync("/api/v5/users/nobody")).FailureAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v5/users/eve")).StatusCode);
        Assert.Equal("401 BAD_TOKEN", await (await eve.GetAsync("/api/v5/nodes")).FailureAsync());
    }

    [Fact]
    public async Task After_120_wrong_passwords_in_a_minute_an_address_is_told_429_until_the_minute_is_over()
    {
        var clock = new ManualClock();
        await using var app = new EmqxApp { Time = clock };
        using var client = app.Anonymous();
        for (var i = 0; i < 120; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await LogInAsync("wrong")).StatusCode);
        Assert.Equal("429 TOO_MANY_REQUESTS", await (await LogInAsync("wrong")).FailureAsync());
        using var blocked = await LogInAsync("public");
        Assert.Equal("429 TOO_MANY_REQUESTS", await blocked.FailureAsync());
        Assert.Equal(TimeSpan.FromMinutes(1), blocked.Headers.RetryAfter?.Delta);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await LogInAsync("public")).StatusCode);

        Task<HttpResponseMessage> LogInAsync(string password) => client.PostAsJsonAsync("/api/v5/login", new { username = "admin", password });
    }

    private static async Task<HttpResponseMessage> GetAsync(EmqxApp app, string token)
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await client.GetAsync("/api/v5/nodes");
    }
}
