namespace Emqx.Broker.Schema.Hocon;

/// <summary>HOCON text that does not parse.</summary>
/// <param name="type">EMQX's word: scan_error for characters that cannot be, parse_error for the rest.</param>
internal sealed class HoconException(int line, string type, string reason, string? file = null)
    : Exception(file is null ? $"line {line}: {reason}" : $"{file}, line {line}: {reason}")
{
    public int Line { get; } = line;

    /// <summary>The included file in which it stands; null: the document itself.</summary>
    public string? File { get; } = file;

    public string Type { get; } = type;

    public string Reason { get; } = reason;
}
