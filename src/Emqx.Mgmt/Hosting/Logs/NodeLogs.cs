using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>The handlers of the root <c>log</c>, console and files, which may change while the node runs.</summary>
internal sealed class NodeLogs : ILoggerProvider
{
    private const string ConsoleName = "console";

    private readonly NodeConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly LogTap _tap;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogSink> _byPlace = new(StringComparer.Ordinal);
    private volatile LogSink[] _sinks = [];
    private volatile int _least;

    /// <param name="tap">Where lines go beside the handlers.</param>
    public NodeLogs(NodeConfiguration configuration, TimeProvider time, LogTap tap)
    {
        (_configuration, _time, _tap) = (configuration, time, tap);
        Apply();
        configuration.Running.Follow(["log"], Apply);
    }

    /// <summary>The lowest level that somebody takes.</summary>
    public LogLevel Least => (LogLevel)Math.Min(_least, (int)_tap.Least);

    public ILogger CreateLogger(string categoryName) => new NodeLogger(this, categoryName);

    public void Write(LogLevel level, string source, string message, Exception? exception)
    {
        var line = LogLine.Of(_time.GetUtcNow(), level, source, message, exception);
        foreach (var sink in _sinks)
        {
            if (level >= sink.Least)
                sink.Add(line);
        }

        _tap.Add(level, source, message, exception);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var sink in _sinks)
                sink.Dispose();
            _sinks = [];
            _byPlace.Clear();
        }
    }

    /// <summary>Handlers that stay keep what they have not written yet.</summary>
    private void Apply()
    {
        var settings = _configuration.Log;
        lock (_gate)
        {
            var used = new Dictionary<string, LogSink>(StringComparer.Ordinal);
            if (settings.Console.Enable)
                Used(used, ConsoleName, "", static _ => new ConsoleTarget()).Use(settings.Console);
            foreach (var file in settings.Files)
            {
                if (!file.Handler.Enable)
                    continue;
                var sink = Used(used, "file." + file.Name, Path.GetFullPath(_configuration.Sources.Paths.Expand(file.Path)), static path => new FileTarget(path));
                ((FileTarget)sink.Target).Rotate(file);
                sink.Use(file.Handler);
            }

            foreach (var (place, sink) in _byPlace.ToArray())
            {
                if (!used.ContainsKey(place) && _byPlace.Remove(place))
                    sink.Stop();
            }

            _sinks = [.. used.Values];
            _least = (int)(used.Count == 0 ? LogLevel.None : used.Values.Min(static sink => sink.Least));
        }
    }

    /// <summary>The sink of a place; of two handlers with one file the later says how it is written.</summary>
    private LogSink Used(Dictionary<string, LogSink> used, string name, string place, Func<string, ILogTarget> open)
    {
        if (!_byPlace.TryGetValue(place, out var sink))
            _byPlace[place] = sink = new LogSink(name, open(place), _time);
        return used[place] = sink;
    }
}

/// <summary>Hands what is logged under a category to the handlers.</summary>
internal sealed class NodeLogger(NodeLogs logs, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= logs.Least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            logs.Write(logLevel, category, formatter(state, exception), exception);
    }
}
