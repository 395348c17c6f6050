using System.Globalization;
using System.Net.Sockets;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Fuzz;

/// <summary>
/// Hostile packets over real connections. <c>EMQX_FUZZ_PACKETS</c> says how many (5,000 where unset), <c>EMQX_FUZZ_SEED</c> which.
/// </summary>
[Collection("Alone")]
public sealed class FuzzTests
{
    private const int PacketsPerConnection = 20;
    private const long AllowedGrowth = 48L << 20;

    [Fact]
    public async Task Hostile_packets_disturb_nobody_and_leave_nothing_behind()
    {
        var packets = Number("EMQX_FUZZ_PACKETS", 5_000);
        var seed = Number("EMQX_FUZZ_SEED", Environment.TickCount & 0xFFFFFF);
        await using var broker = await TestBroker.StartAsync(new() { MaxMqueueLength = 100, MaxPacketSize = 65_536 });
        await using var listener = await broker.ConnectAsync();
        await using var speaker = await broker.ConnectAsync();
        await listener.SubscribeAsync("witness", 1);
        await AttackAsync(broker, seed, packets / 10);
        var before = Settled();
        for (var round = 1; round <= 10; round++)
        {
            await AttackAsync(broker, seed + round, packets / 10);
            Assert.Equal(0, await speaker.PublishAsync("witness", $"{round}", 1));
            Assert.Equal($"{round}", (await listener.ExpectMessageAsync(acknowledge: true)).PayloadText);
        }

        Assert.True(Settled() - before < AllowedGrowth, $"seed {seed}: {(Settled() - before) >> 20} MB more after {packets} packets");
        Assert.True(broker.Errors.All.Count == 0, $"seed {seed}: {broker.Errors.All.FirstOrDefault()}");
    }

    private static async Task AttackAsync(TestBroker broker, int seed, int packets)
    {
        var connections = Math.Max(1, packets / PacketsPerConnection);
        await Parallel.ForAsync(0, connections, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await OneConnectionAsync(broker, new PacketFuzzer((seed * 100_003) + i), (byte)(3 + i % 3)));
    }

    private static async Task OneConnectionAsync(TestBroker broker, PacketFuzzer fuzzer, byte version)
    {
        using var socket = new Socket(broker.Tcp.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(broker.Tcp);
        try
        {
            await socket.SendAsync(fuzzer.Connect(version));
            for (var i = 1; i < PacketsPerConnection; i++)
                await socket.SendAsync(fuzzer.Next(version));
            socket.Shutdown(SocketShutdown.Send);
            var sink = new byte[4096];
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (await socket.ReceiveAsync(sink, patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The broker has cut it off, as it should.
        }
        catch (OperationCanceledException)
        {
            throw new ExpectationException("the broker keeps a connection open whose peer has left");
        }
    }

    private static long Settled()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

/// <summary>Tests that look at the whole process' memory run when no other does.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;
