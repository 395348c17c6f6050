using System.Buffers;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>
/// Takes lines without waiting and writes them on a thread of its own. What a slow or full disk does not take stays in memory up to a bound;
/// lines beyond it are dropped, counted, and told of when the disk takes lines again.
/// </summary>
internal sealed class LogSink(string name, ILogTarget target, TimeProvider time) : IDisposable
{
    private const int MostLines = 8192;
    private const int MostCharacters = 2 * 1024 * 1024;

    /// <summary>Bytes that are written in one go.</summary>
    private const int Portion = 64 * 1024;

    /// <summary>Milliseconds after which a target that failed is tried again.</summary>
    private const int Pause = 1000;

    /// <summary>Milliseconds that the end waits for what is not written yet.</summary>
    private const int Patience = 2000;

    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _bytes = new(Portion);
    private readonly ILogTarget _target = target;
    private Queue<LogLine> _waiting = new();
    private Queue<LogLine> _running = new();
    private volatile LogHandlerSettings? _settings;
    private Thread? _thread;
    private long _characters;
    private long _dropped;
    private bool _failed;
    private bool _stopping;

    public LogLevel Least { get; private set; } = LogLevel.None;

    public ILogTarget Target => _target;

    /// <summary>Lines that were not written.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Use(LogHandlerSettings settings)
    {
        _settings = settings;
        Least = LogSchema.LevelOf(settings.Level);
    }

    public void Add(in LogLine line)
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            if (_waiting.Count >= MostLines || _characters > MostCharacters)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            _waiting.Enqueue(line);
            _characters += line.Length;
            if (_thread is null)
                (_thread = new Thread(Loop) { IsBackground = true, Name = "log " + name }).Start();
            else if (_waiting.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes no more lines; those that are there are written, in the thread's own time.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            if (_thread is null)
                _target.Dispose();
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        Stop();
        _thread?.Join(Patience);
    }

    private void Loop()
    {
        while (Take())
        {
            while (_running.Count > 0)
                WritePortion();
        }

        _target.Dispose();
    }

    private bool Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopping)
                Monitor.Wait(_gate);
            (_waiting, _running) = (_running, _waiting);
            _characters = 0;
            return _running.Count > 0;
        }
    }

    private void WritePortion()
    {
        var settings = _settings!;
        var count = 0;
        var told = Dropped;
        _bytes.ResetWrittenCount();
        if (told > 0)
            LogForm.Write(_bytes, LogLine.Of(time.GetUtcNow(), LogLevel.Error, "log", $"{told} lines were dropped", null), settings);
        for (; _running.Count > 0 && _bytes.WrittenCount < Portion; count++)
            LogForm.Write(_bytes, _running.Dequeue(), settings);
        try
        {
            _target.Write(_bytes.WrittenSpan);
            Interlocked.Add(ref _dropped, -told);
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _dropped, count);
            Fail(e);
        }
    }

    /// <summary>Tells once, and gives the target time.</summary>
    private void Fail(Exception error)
    {
        if (!_failed && _target is not ConsoleTarget)
            Console.Error.WriteLine($"[error] log.{name} cannot be written, lines are dropped until it can: {error.Message}");
        _failed = true;
        lock (_gate)
        {
            if (!_stopping)
                Monitor.Wait(_gate, Pause);
        }
    }
}
