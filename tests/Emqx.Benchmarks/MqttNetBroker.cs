using System.Net;
using MQTTnet.Server;

namespace Emqx.Benchmarks;

/// <summary>
/// MQTTnet's own <see cref="MqttServer"/>, for <c>load.py --broker mqttnet</c>, with the bounds that mosquitto has there: a long queue, sessions that
/// outlive their connections. Prints its port when it is open and serves until standard input ends.
/// </summary>
internal static class MqttNetBroker
{
    public static async Task RunAsync(int port)
    {
        var options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(port)
            .WithConnectionBacklog(4000)
            .WithPersistentSessions()
            .WithMaxPendingMessagesPerClient(100_000)
            .Build();
        using var server = new MqttServerFactory().CreateMqttServer(options);
        await server.StartAsync();
        Console.WriteLine(port);
        await Console.In.ReadToEndAsync();
        await server.StopAsync();
    }
}
