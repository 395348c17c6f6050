using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Emqx.Broker.Settings;

namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>Writes lines as EMQX does: <c>2026-01-02T03:04:05.678901+00:00 [warning] msg: …</c>, or an object of JSON.</summary>
internal static class LogForm
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends a line, its end included.</summary>
    public static void Write(ArrayBufferWriter<byte> into, in LogLine line, LogHandlerSettings handler)
    {
        if (handler.Json)
            WriteJson(into, line, handler);
        else
            WriteText(into, line, handler);
        into.Write("\n"u8);
    }

    /// <summary>EMQX's word.</summary>
    public static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private static void WriteText(ArrayBufferWriter<byte> into, in LogLine line, LogHandlerSettings handler)
    {
        var text = new StringBuilder();
        if (handler.TimestampFormat == "epoch")
            text.Append(EpochOf(line.At));
        else
            text.Append(Rfc3339Of(line.At, handler.TimeOffset));
        text.Append(" [").Append(WordOf(line.Level)).Append("] msg: ");
        AppendOnOneLine(text, line.Message);
        text.Append(", source: ").Append(line.Source);
        if (line.Exception is { } exception)
            AppendOnOneLine(text.Append(", exception: "), exception);
        Encoding.UTF8.GetBytes(text.ToString(), into);
    }

    private static void WriteJson(ArrayBufferWriter<byte> into, in LogLine line, LogHandlerSettings handler)
    {
        using var writer = new Utf8JsonWriter(into, s_json);
        writer.WriteStartObject();
        if (handler.TimestampFormat == "rfc3339")
            writer.WriteString("time"u8, Rfc3339Of(line.At, handler.TimeOffset));
        else
            writer.WriteNumber("time"u8, EpochOf(line.At));
        writer.WriteString("level"u8, WordOf(line.Level));
        writer.WriteString("msg"u8, Sound(line.Message));
        writer.WriteString("source"u8, line.Source);
        if (line.Exception is { } exception)
            writer.WriteString("exception"u8, Sound(exception));
        writer.WriteEndObject();
    }

    /// <summary>Microseconds.</summary>
    private static long EpochOf(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static string Rfc3339Of(DateTimeOffset at, string offset) =>
        at.ToOffset(OffsetOf(at, offset)).ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    private static TimeSpan OffsetOf(DateTimeOffset at, string offset) => offset switch
    {
        "system" => TimeZoneInfo.Local.GetUtcOffset(at),
        ['+' or '-', ..] when TimeSpan.TryParseExact(offset.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out var given) && given <= TimeSpan.FromHours(14) =>
            offset[0] == '-' ? -given : given,
        _ => TimeSpan.Zero,
    };

    /// <summary>Nobody makes lines of his own by what he calls himself.</summary>
    private static void AppendOnOneLine(StringBuilder text, string message)
    {
        foreach (var c in message)
        {
            if (c == '\n')
                text.Append("\\n");
            else if (c != '\r')
                text.Append(char.IsControl(c) ? ' ' : c);
        }
    }

    /// <summary>Without halves of characters, which JSON cannot have.</summary>
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
