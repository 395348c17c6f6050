using System.Collections.Concurrent;
using System.Net;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>Retained messages in the data folder of a process.</summary>
public sealed class RetainedProcessTests : IDisposable
{
    private static readonly (string, string) s_disc = ("EMQX_RETAINER__BACKEND__STORAGE_TYPE", "disc");
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-retained").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_with_QoS_1_outlives_a_kill_in_the_middle_of_it()
    {
        var acknowledged = new ConcurrentBag<string>();
        await using (var server = await ServerProcess.StartAsync(_folder, s_disc, ("EMQX_RETAINER__MAX_PUBLISH_RATE", "infinity")))
        {
            var publishing = Enumerable.Range(0, 4).Select(i => PublishAsync(server, i, acknowledged)).ToArray();
            await Eventually.TrueAsync(() => acknowledged.Count > 300, "some are acknowledged");
            server.Signal("KILL");
            await Task.WhenAll(publishing);
        }

        await using var again = await ServerProcess.StartAsync(_folder, s_disc);
        foreach (var topic in acknowledged)
        {
            using var answer = await again.Http.GetAsync(new Uri("api/v5/mqtt/retainer/message/" + Uri.EscapeDataString(topic), UriKind.Relative));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, topic);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_restart_keeps_them_on_disc_and_forgets_them_in_ram(bool isOnDisc)
    {
        (string, string)[] environment = isOnDisc ? [s_disc] : [];
        await using (var server = await ServerProcess.StartAsync(_folder, environment))
        {
            await using var client = await server.ConnectAsync(new ConnectOptions());
            await client.PublishAsync("kept", qos: 0, retain: true);
            server.Signal("TERM");
            await server.ExitAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder, environment);
        var page = await again.Http.GetStringAsync(new Uri("api/v5/mqtt/retainer/messages?topic=%2B", UriKind.Relative));
        Assert.Equal(isOnDisc, page.Contains("\"topic\":\"kept\"", StringComparison.Ordinal));
    }

    /// <summary>Publishes until the server is gone.</summary>
    private static async Task PublishAsync(ServerProcess server, int publisher, ConcurrentBag<string> acknowledged)
    {
        await using var client = await server.ConnectAsync(new ConnectOptions());
        try
        {
            for (var i = 0; ; i++)
            {
                var topic = $"t/{publisher}/{i}";
                await client.PublishAsync(topic, qos: 1, retain: true);
                acknowledged.Add(topic);
            }
        }
        catch (Exception gone) when (gone is ExpectationException or IOException)
        {
            // It was killed.
        }
    }
}
