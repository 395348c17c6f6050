using System.Net;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Authentication;

/// <summary>A node whose authenticators are changed by the API, and what its clients meet.</summary>
internal sealed class AuthnApi : IAsyncDisposable
{
    public const string Id = "password_based:built_in_database";
    public const string Users = $"/authentication/{Id}/users";
    public const string Import = $"/authentication/{Id}/import_users";

    private AuthnApi(NodeApi node) => Node = node;

    public NodeApi Node { get; }

    /// <summary>A node without authenticators.</summary>
    public static async Task<AuthnApi> StartAsync() => new(await NodeApi.StartAsync());

    /// <summary>A node with a database of users.</summary>
    public static async Task<AuthnApi> StartAsync(string algorithm)
    {
        var api = await StartAsync();
        await api.OkAsync(HttpMethod.Post, "/authentication", Database(algorithm));
        return api;
    }

    /// <summary>The settings of a database of users.</summary>
    public static string Database(string algorithm = """{"name":"sha256","salt_position":"prefix"}""", string more = "") =>
        $$"""{"mechanism":"password_based","backend":"built_in_database","bootstrap_file":"","password_hash_algorithm":{{algorithm}}{{more}}}""";

    /// <summary>Sends a request that must succeed.</summary>
    public async Task<string> OkAsync(HttpMethod method, string path, string? json = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        var (actual, body) = await Node.SendAsync(method, path, json);
        Assert.True(actual == status, $"{method} {path}: {(int)actual} {body}");
        return body;
    }

    /// <summary>Sends a file in a form.</summary>
    public async Task<(int Status, JsonElement Body)> UploadAsync(string path, string field, string name, string content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(content)), field, name } };
        using var answer = await Node.Http.PostAsync("/api/v5" + path, form);
        return ((int)answer.StatusCode, await answer.JsonAsync());
    }

    /// <summary>The ids of the chain.</summary>
    public async Task<string> ChainAsync() => string.Join(' ', (await Node.GetAsync("/authentication")).EnumerateArray().Select(static one => one.GetProperty("id").GetString()));

    /// <summary>What a client with these credentials is told: 0, or a reason code.</summary>
    public async Task<int> ConnectAsync(string username, string password)
    {
        var client = new ClientInfo
        {
            ClientId = "c", Username = username, PeerAddress = IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
            ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
        };
        var request = new AuthenticateRequest(client, Encoding.UTF8.GetBytes(password));
        await Node.Services.GetRequiredService<BrokerHooks>().ClientAuthenticate.RunAsync(request);
        return request.Allowed ?? true ? 0 : request.ReasonCode;
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
