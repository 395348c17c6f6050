using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Emqx.TestKit.Mqtt;

namespace Emqx.Benchmarks.Load;

/// <summary>What clients that behave badly or only wait cost the broker; each prints one line.</summary>
internal sealed class BoundsRun(LoadOptions options)
{
    /// <summary>Idle connections with one subscription each: resident growth for each. Holds them until standard input ends.</summary>
    public async Task IdleAsync()
    {
        var before = Resident;
        var watch = Stopwatch.StartNew();
        var all = await LoadConnection.OpenIdleAsync(options.Port, options.Idle, options.Users);
        var seconds = watch.Elapsed.TotalSeconds;
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        Print($"idle {options.Idle}: connected in {seconds:F1} s, resident {before} KB before, {Resident} KB now, {(Resident - before) / (double)options.Idle:F2} KB each");
        await Console.In.ReadToEndAsync();
        all.ForEach(connection => connection.Dispose());
    }

    /// <summary>A subscriber that stops reading while QoS 0 and 1 messages are sent to it.</summary>
    public async Task StuckAsync(long messages = 1_000_000)
    {
        var before = Resident;
        using var stuck = await LoadConnection.OpenAsync(options.Port, $"stuck{Environment.ProcessId}");
        await stuck.SubscribeAsync("t/0", options.Qos);
        var peak = await FloodAsync(messages);
        Print($"stuck reader, QoS {options.Qos}, {messages} messages: resident {before} KB before, {peak} KB at most");
    }

    /// <summary>A session whose client is away while messages are sent to it.</summary>
    public async Task OfflineAsync(long messages = 1_000_000)
    {
        var before = Resident;
        using (var away = await LoadConnection.OpenAsync(options.Port, $"away{Environment.ProcessId}", clean: false))
        {
            await away.SubscribeAsync("t/0", 1);
            await away.Socket.SendAsync(Packets.Disconnect(4));
        }

        var peak = await FloodAsync(messages);
        Print($"offline session, QoS 1, {messages} messages: resident {before} KB before, {peak} KB at most");
    }

    /// <summary>Connections that never finish their CONNECT.</summary>
    public async Task HalfOpenAsync(int count = 1000)
    {
        var before = Resident;
        var all = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, options.Port);
            await socket.SendAsync(new byte[] { 0x10, 0xFF, 0xFF, 0x3F, 0, 4 });
            all.Add(socket);
        }

        var watch = Stopwatch.StartNew();
        using (await LoadConnection.OpenAsync(options.Port, $"sound{Environment.ProcessId}"))
            Print($"half-open {count}: resident {before} KB before, {Resident} KB now, another client connected in {watch.ElapsedMilliseconds} ms");
        all.ForEach(socket => socket.Dispose());
    }

    /// <summary>Connects and disconnects at a steady rate until the time is over.</summary>
    public async Task ChurnAsync()
    {
        var watch = Stopwatch.StartNew();
        long done = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; watch.Elapsed.TotalSeconds < options.Seconds; i++)
            {
                var due = i * 20.0 / options.Rate;
                if (watch.Elapsed.TotalSeconds < due)
                    await Task.Delay(TimeSpan.FromSeconds(due - watch.Elapsed.TotalSeconds));
                using var connection = await LoadConnection.OpenAsync(options.Port, $"churn{worker}-{i % 500}", from: worker + 10);
                await connection.Socket.SendAsync(Packets.Disconnect(4));
                Interlocked.Increment(ref done);
            }
        })));
        Print($"churn: {done / watch.Elapsed.TotalSeconds:F0} connects and disconnects a second");
    }

    private long Resident => BrokerProcess.ResidentKilobytes(options.Pid);

    private async Task<long> FloodAsync(long messages)
    {
        using var publisher = await LoadConnection.OpenAsync(options.Port, $"flood{Environment.ProcessId}");
        var flood = new MessageBatch("t/0", options with { Qos = 1, Batch = 100 });
        var acknowledgements = new byte[4 * 100];
        var peak = Resident;
        for (long sent = 0; sent < messages; sent += 100)
        {
            await publisher.Socket.SendAsync(flood.Take(100));
            for (var received = 0; received < acknowledgements.Length;)
            {
                var read = await publisher.Socket.ReceiveAsync(acknowledgements);
                received += read > 0 ? read : throw new IOException("the broker closed the connection");
            }

            if (sent % 10_000 == 0)
                peak = Math.Max(peak, Resident);
        }

        return Math.Max(peak, Resident);
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
