namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>Where a sink's lines end up. Only the sink's thread writes.</summary>
internal interface ILogTarget : IDisposable
{
    /// <summary>Writes whole lines. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot.</summary>
    void Write(ReadOnlySpan<byte> lines);
}

/// <summary>The process' standard output.</summary>
internal sealed class ConsoleTarget : ILogTarget
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Write(ReadOnlySpan<byte> lines)
    {
        _output.Write(lines);
        _output.Flush();
    }

    public void Dispose() => _output.Dispose();
}
