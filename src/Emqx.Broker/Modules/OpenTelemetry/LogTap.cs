using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>Where lines of the log go beside the log's handlers while they are exported. Whoever logs asks for <see cref="Least"/> first.</summary>
internal sealed class LogTap
{
    /// <summary>Longer texts are cut: so many lines may wait.</summary>
    private const int MostCharacters = 4096;

    private volatile Outlet? _outlet;

    /// <summary>Takes a line: its level, the part that it is of, its text, what went wrong.</summary>
    public delegate void Write(LogLevel level, string source, string message, Exception? exception);

    private sealed record Outlet(LogLevel Least, Write Write);

    /// <summary>The lowest level that is wanted; none at all mostly.</summary>
    public LogLevel Least => _outlet?.Least ?? LogLevel.None;

    /// <summary>From now on lines of that level on go there.</summary>
    public void Open(LogLevel least, Write write) => _outlet = new(least, write);

    /// <summary>From now on they go nowhere.</summary>
    public void Close() => _outlet = null;

    /// <summary>Hands a line on, if it is wanted.</summary>
    public void Add(LogLevel level, string source, string message, Exception? exception)
    {
        if (_outlet is { } outlet && level >= outlet.Least)
            outlet.Write(level, source, message.Length <= MostCharacters ? message : message[..MostCharacters], exception);
    }
}
