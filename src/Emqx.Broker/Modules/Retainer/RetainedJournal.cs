using System.Threading.Channels;
using Emqx.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// What has changed in the retained messages and is not in storage yet: of each topic the latest change only. One loop writes it, all that has
/// gathered in one step, so that many publishers share a sync to the disk. Its bounds stop publishers, not messages.
/// </summary>
internal sealed class RetainedJournal(IRetainedMessageStore storage, TimeProvider time, ILogger<RetainedJournal> logger)
{
    private const int MostTopics = 16_384;
    private const long MostBytes = 16 << 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private Step _next = new();
    private Task<bool> _writing = Task.FromResult(true);

    /// <summary>Changes that are written together.</summary>
    private sealed class Step
    {
        public readonly Dictionary<string, byte[]?> Changes = new(StringComparer.Ordinal);
        public readonly TaskCompletionSource<bool> Done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool Clears;
        public long Bytes;

        public bool IsEmpty => !Clears && Changes.Count == 0;
    }

    /// <summary>Whether publishers that need not wait for the disk may go on.</summary>
    public bool HasRoom
    {
        get
        {
            var next = Volatile.Read(ref _next);
            return next.Changes.Count < MostTopics && Volatile.Read(ref next.Bytes) < MostBytes;
        }
    }

    /// <summary>Notes the new message of a topic, or, with null, that it has none any more.</summary>
    public void Note(string topic, RetainedMessage? message)
    {
        lock (_gate)
        {
            _next.Bytes += (message?.Packed.Length ?? 0) - (_next.Changes.GetValueOrDefault(topic)?.Length ?? 0);
            _next.Changes[topic] = message?.Packed;
        }

        _work.Writer.TryWrite(true);
    }

    /// <summary>Notes that there are no messages any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Changes.Clear();
            (_next.Clears, _next.Bytes) = (true, 0);
        }

        _work.Writer.TryWrite(true);
    }

    /// <summary>Completes when all that was noted before is in storage; false where it could not be written.</summary>
    public Task<bool> WrittenAsync()
    {
        lock (_gate)
            return _next.IsEmpty ? _writing : _next.Done.Task;
    }

    /// <summary>What storage has kept.</summary>
    public ValueTask LoadAsync(Action<RetainedMessage> each, CancellationToken cancellation) => storage.LoadAsync(packed =>
    {
        if (RetainedMessage.Unpack(packed) is { } message)
            each(message);
        else
            RetainerLog.Unreadable(logger);
    }, cancellation);

    /// <summary>Writes until the node stops, and then what is left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in _work.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                if (!await WriteAsync().ConfigureAwait(false))
                    await Task.Delay(s_pause, time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await WriteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Writes what has gathered. False: it could not be written, and is to be tried again.</summary>
    private async Task<bool> WriteAsync()
    {
        if (Take() is not { } step)
            return true;
        try
        {
            await storage.WriteAsync(step.Clears, step.Changes, CancellationToken.None).ConfigureAwait(false);
            step.Done.TrySetResult(true);
            return true;
        }
        catch (Exception error) // The loop must go on, whatever has kept the disk from taking it.
        {
            RetainerLog.NotWritten(logger, step.Changes.Count, error);
            PutBack(step);
            step.Done.TrySetResult(false);
            return false;
        }
    }

    private Step? Take()
    {
        lock (_gate)
        {
            if (_next.IsEmpty)
                return null;
            var step = _next;
            _next = new Step();
            _writing = step.Done.Task;
            return step;
        }
    }

    /// <summary>Puts what was not written before what has come since.</summary>
    private void PutBack(Step step)
    {
        lock (_gate)
        {
            if (_next.Clears)
                return;
            _next.Clears = step.Clears;
            foreach (var (topic, message) in step.Changes)
            {
                if (_next.Changes.TryAdd(topic, message))
                    _next.Bytes += message?.Length ?? 0;
            }
        }

        _work.Writer.TryWrite(true);
    }
}
