using System.Text;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>PUT /configs takes no access control that the node does not have.</summary>
public sealed class AccessControlTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    [Theory]
    [InlineData("""authentication = [{mechanism = password_based, backend = nothing}]""", "unsupported_mechanism")]
    [InlineData("""authentication = [{backend = nothing}]""", "missing_mechanism_field")]
    [InlineData("""authorization { sources = [{type = nothing}] }""", "unknown_authz_type")]
    public async Task What_is_not_in_a_catalogue_is_refused_and_nothing_changes(string text, string reason)
    {
        using var client = app.WithKey();
        var before = await client.GetStringAsync("/api/v5/configs");
        var (status, body) = await PutAsync(client, text);
        Assert.Equal(400, status);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.Equal(before, await client.GetStringAsync("/api/v5/configs"));
    }

    [Fact]
    public async Task An_empty_list_is_taken()
    {
        using var client = app.WithKey();
        Assert.Equal((200, ""), await PutAsync(client, "authentication = []"));
    }

    private static async Task<(int Status, string Body)> PutAsync(HttpClient client, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var answer = await client.PutAsync("/api/v5/configs", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
