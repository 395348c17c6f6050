using System.Globalization;
using System.Text.Json;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A time: RFC 3339, or whole seconds since 1970. Read as a <see cref="DateTimeOffset"/>.</summary>
internal class EpochSecondKind : ValueKind
{
    /// <summary>How many of the unit make a second.</summary>
    protected virtual long PerSecond => 1;

    public override string Name => "emqx_utils_calendar:epoch_second()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (!TryRead(value, out _)) return walk.Fail(value, "bad_rfc3339_timestamp");
        return walk.NeedsRewrite = true;
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        if (TryRead(value, out var time)) writer.WriteStringValue(time);
    }

    /// <summary>Reads either form.</summary>
    protected bool TryRead(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        if (IntegerKind.TryRead(value, out var number)) return TryFromNumber(number, out time);
        return value.ValueKind == JsonValueKind.String && TryFromText(value.GetString()!, out time);
    }

    private bool TryFromNumber(long number, out DateTimeOffset time)
    {
        time = default;
        var milliseconds = number * (1000 / PerSecond);
        if (number < 0 || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() || milliseconds < 0) return false;
        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    /// <summary>RFC 3339: date, T (or a space), time, optional fraction, Z or offset.</summary>
    private static bool TryFromText(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length >= 20 && char.IsAsciiDigit(text[0]) && text[10] is 'T' or 't' or ' '
            && (text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is '+' or '-'))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}

/// <summary>A time: RFC 3339, or milliseconds since 1970.</summary>
internal sealed class EpochMillisecondKind : EpochSecondKind
{
    protected override long PerSecond => 1000;
    public override string Name => "emqx_utils_calendar:epoch_millisecond()";
}

/// <summary>A time as <see cref="EpochSecondKind"/>, or <c>infinity</c>, which is read as null.</summary>
internal sealed class ExpiryKind : EpochSecondKind
{
    private const string Infinity = "infinity";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (IsInfinity(value)) return walk.NeedsRewrite = true;
        if (TryRead(value, out _)) return walk.NeedsRewrite = true;
        return walk.Fail(writer => WriteMismatches(writer, value, walk.Place));
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        if (IsInfinity(value)) writer.WriteNullValue();
        else base.Write(value, writer);
    }

    private static bool IsInfinity(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals(Infinity);

    private void WriteMismatches(Utf8JsonWriter writer, JsonElement value, string place)
    {
        writer.WriteString("reason"u8, "matched_no_union_member");
        writer.WriteStartObject("mismatches"u8);
        WriteMismatch(writer, Infinity, value, $"Expected: infinity, got:{value}", place);
        WriteMismatch(writer, Name, value, "bad_rfc3339_timestamp", place);
        writer.WriteEndObject();
    }

    private static void WriteMismatch(Utf8JsonWriter writer, string member, JsonElement value, string reason, string place)
    {
        writer.WriteStartObject(member);
        Walk.WriteValue(writer, value);
        writer.WriteString("reason"u8, reason);
        writer.WriteString("path"u8, place);
        writer.WriteString("kind"u8, "validation_error"u8);
        writer.WriteEndObject();
    }
}

/// <summary>A number of bytes, or <c>1KB</c>, <c>1MB</c>, <c>1GB</c>. Read as a number of bytes.</summary>
internal sealed class ByteSizeKind : ValueKind
{
    public override string Name => "emqx_schema:bytesize()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (!TryRead(value, out var bytes)) return walk.Fail(value, "Not a valid bytesize");
        walk.NeedsRewrite |= value.ValueKind == JsonValueKind.String;
        return bytes > 0 || walk.Fail(writer =>
        {
            writer.WriteNumber("value"u8, bytes);
            writer.WriteString("reason"u8, "must be higher than 0");
        });
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        if (TryRead(value, out var bytes)) writer.WriteNumberValue(bytes);
    }

    private static bool TryRead(JsonElement value, out long bytes)
    {
        if (IntegerKind.TryRead(value, out bytes)) return true;
        if (value.ValueKind != JsonValueKind.String) return false;
        var text = value.GetString()!;
        if (text.Length < 3 || !long.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        var shift = text[^2..].ToUpperInvariant() switch { "KB" => 10, "MB" => 20, "GB" => 30, _ => -1 };
        if (shift < 0 || number > long.MaxValue >> shift) return false;
        bytes = number << shift;
        return true;
    }
}
