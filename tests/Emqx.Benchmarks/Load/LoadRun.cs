using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Emqx.Benchmarks.Load;

/// <summary>One scenario: connects, sends for a while, and prints rates, CPU time a delivery and memory of the broker.</summary>
internal sealed class LoadRun(LoadOptions options)
{
    private readonly string _run = Guid.NewGuid().ToString("N")[..6];
    private readonly List<LoadConnection> _open = [];
    private long _sent, _received;
    private volatile bool _stopped;

    public async Task RunAsync()
    {
        var watch = Stopwatch.StartNew();
        _open.AddRange(await LoadConnection.OpenIdleAsync(options.Port, options.Idle));
        var connected = watch.Elapsed.TotalSeconds;
        var readers = await OpenSubscribersAsync();
        var publishers = Enumerable.Range(0, options.Publishers).Select(i => Task.Run(() => PublishAsync(i))).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(options.WarmUp));
        var cpu = BrokerProcess.CpuSeconds(options.Pid);
        var (sent, received) = (Interlocked.Read(ref _sent), Interlocked.Read(ref _received));
        watch.Restart();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var seconds = watch.Elapsed.TotalSeconds;
        cpu = BrokerProcess.CpuSeconds(options.Pid) - cpu;
        sent = Interlocked.Read(ref _sent) - sent;
        received = Interlocked.Read(ref _received) - received;
        _stopped = true;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Label,-16} {options.Mode,-6} qos{options.Qos} idle={options.Idle,-6} in/s={sent / seconds,9:F0} out/s={received / seconds,9:F0} cpu%={cpu / seconds * 100,4:F0} cpu_us/msg={cpu * 1e6 / Math.Max(1, received),7:F2} rssMB={BrokerProcess.ResidentKilobytes(options.Pid) >> 10,4} connect={connected:F1}s"));
        _open.ForEach(connection => connection.Dispose());
        await Task.WhenAll([.. readers, .. publishers]);
    }

    private async Task<List<Task>> OpenSubscribersAsync()
    {
        var count = options.Mode switch { LoadMode.FanOut => options.Subscribers, LoadMode.Pairs => options.Publishers, _ => 1 };
        var readers = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var connection = await OpenAsync($"sub{_run}{i}");
            await connection.SubscribeAsync(TopicOf(i), options.Qos);
            readers.Add(ReadAsync(connection.Socket));
        }

        return readers;
    }

    private async Task<LoadConnection> OpenAsync(string clientId)
    {
        var connection = await LoadConnection.OpenAsync(options.Port, clientId);
        lock (_open)
            _open.Add(connection);
        return connection;
    }

    private string TopicOf(int i) => options.Mode == LoadMode.Pairs ? $"t/{i}" : "t/0";

    private async Task ReadAsync(Socket socket)
    {
        var scanner = new PacketScanner(1 << 16);
        await UntilStoppedAsync(async () =>
        {
            scanner.Take(await ReceiveAsync(socket, scanner));
            Interlocked.Add(ref _received, scanner.Deliveries);
            if (!scanner.Answers.IsEmpty)
                await socket.SendAsync(scanner.Answers);
        });
    }

    private async Task PublishAsync(int i)
    {
        var socket = (await OpenAsync($"pub{_run}{i}")).Socket;
        var messages = new MessageBatch(TopicOf(i), options);
        if (options.Qos == 0)
            await UntilStoppedAsync(() => SendWithinWindowAsync(socket, messages));
        else
            await PublishAcknowledgedAsync(socket, messages);
    }

    private async Task SendWithinWindowAsync(Socket socket, MessageBatch messages)
    {
        var spins = 0;
        while (Undelivered >= options.Window && !_stopped)
        {
            if (++spins < 3)
                await Task.Yield();
            else
                await Task.Delay(1);
        }

        var count = (int)Math.Clamp(options.Window - Undelivered, 1, options.Batch);
        Interlocked.Add(ref _sent, count);
        await socket.SendAsync(messages.Take(count));
    }

    private async Task PublishAcknowledgedAsync(Socket socket, MessageBatch messages)
    {
        var scanner = new PacketScanner(4096);
        var due = options.AckWindow;
        await UntilStoppedAsync(async () =>
        {
            while (Undelivered > options.Window && !_stopped)
                await Task.Delay(5);
            while (due > 0)
            {
                var count = Math.Min(due, options.Batch);
                Interlocked.Add(ref _sent, count);
                await socket.SendAsync(messages.Take(count));
                due -= count;
            }

            scanner.Take(await ReceiveAsync(socket, scanner));
            due += scanner.Acknowledgements;
        });
    }

    private long Undelivered => Interlocked.Read(ref _sent) - (Interlocked.Read(ref _received) / options.Fan);

    private static async ValueTask<int> ReceiveAsync(Socket socket, PacketScanner scanner)
    {
        var read = await socket.ReceiveAsync(scanner.Free);
        return read > 0 ? read : throw new IOException("the broker closed the connection");
    }

    private async Task UntilStoppedAsync(Func<Task> step)
    {
        try
        {
            while (!_stopped)
                await step();
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException)
        {
            if (!_stopped)
                await Console.Error.WriteLineAsync(error.Message);
        }
    }
}
