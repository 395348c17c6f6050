namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>What is logged, before it has a form.</summary>
internal readonly record struct LogLine(DateTimeOffset At, LogLevel Level, string Source, string Message, string? Exception)
{
    /// <summary>Longer texts are cut: a line is for people, and some of what is in it comes from peers.</summary>
    private const int MostCharacters = 16 * 1024;

    public static LogLine Of(DateTimeOffset at, LogLevel level, string source, string message, Exception? exception) =>
        new(at, level, source, Cut(message), exception is null ? null : Cut(exception.ToString()));

    public int Length => Message.Length + (Exception?.Length ?? 0);

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters] + "...";
}
