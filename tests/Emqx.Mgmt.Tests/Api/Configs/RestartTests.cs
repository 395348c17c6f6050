using System.Net;
using System.Text.Json.Nodes;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>Changes of the configuration in a process of its own: new connections see them, a restart keeps them.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly Uri s_zone = new("api/v5/configs/global_zone", UriKind.Relative);
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-configs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_change_reaches_new_connections_and_outlives_a_kill()
    {
        await using (var server = await ServerProcess.StartAsync(_folder, ("EMQX_MQTT__MAX_AWAITING_REL", "77")))
        {
            var zone = JsonNode.Parse(await server.Http.GetStringAsync(s_zone))!.AsObject();
            Assert.Equal(77, (int)zone["mqtt"]!["max_awaiting_rel"]!);
            zone["mqtt"]!["max_topic_alias"] = 9;
            zone["mqtt"]!["max_awaiting_rel"] = 55;
            zone["force_gc"]!["count"] = 123;
            using var answer = await server.Http.PutAsync(s_zone, Answers.Json(zone.ToJsonString()));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(9u, await AliasesAsync(server));
            server.Signal("KILL");
            await server.ExitAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder, ("EMQX_MQTT__MAX_AWAITING_REL", "78"));
        var kept = JsonNode.Parse(await again.Http.GetStringAsync(s_zone))!;
        Assert.Equal((9, 78, 123), ((int)kept["mqtt"]!["max_topic_alias"]!, (int)kept["mqtt"]!["max_awaiting_rel"]!, (int)kept["force_gc"]!["count"]!));
        Assert.Equal(9u, await AliasesAsync(again));
    }

    private static async Task<uint?> AliasesAsync(ServerProcess server)
    {
        await using var client = await RawMqttClient.OpenTcpAsync(server.Mqtt);
        return (await client.ConnectAsync(new ConnectOptions())).Properties.Number(Property.TopicAliasMaximum);
    }
}
