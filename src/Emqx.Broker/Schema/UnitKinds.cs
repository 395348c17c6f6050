using System.Globalization;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Schema.Values;

namespace Emqx.Broker.Schema;

/// <summary>A duration as text, or a bare number.</summary>
/// <param name="maximum">Milliseconds; more is refused as EMQX refuses it for its timers.</param>
internal sealed class DurationKind(long maximum = long.MaxValue) : ValueKind
{
    /// <summary>What counts whole seconds: forms offer no less than one, and less is taken, as in EMQX.</summary>
    public bool InSeconds { get; init; }

    public override string Name => maximum == long.MaxValue ? "emqx_schema:duration()" : "emqx_schema:timeout_duration()";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (!TryRead(value, out var milliseconds))
            return at.Wrong(value, "Not a valid duration");
        return milliseconds <= maximum ? value : at.Wrong(value, $"timeout value too large (max: {maximum} ms)");
    }

    /// <summary>Milliseconds; a bare number is milliseconds already.</summary>
    public static bool TryRead(ConfigValue value, out long milliseconds)
    {
        milliseconds = 0;
        return value switch
        {
            ConfigNumber number => number.TryGetInteger(out milliseconds) && milliseconds >= 0,
            ConfigText text => Duration.TryParse(text.Text, out milliseconds)
                || long.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds),
            _ => false,
        };
    }
}

/// <summary>A size as text, or a number of bytes. A request's is kept as bytes.</summary>
internal class ByteSizeKind(Func<long, ConfigValue?>? problemOf = null) : ValueKind
{
    public override string Name => "emqx_schema:bytesize()";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (!Take(value, out var bytes))
            return at.Wrong(value, "Not a valid bytesize");
        var kept = at.IsRequest ? bytes : value;
        return problemOf?.Invoke(bytes) is { } reason ? at.Wrong(kept, reason) : kept;
    }

    /// <summary>Reads the size; the bounds come after.</summary>
    protected virtual bool Take(ConfigValue value, out long bytes) => TryRead(value, out bytes);

    public static bool TryRead(ConfigValue value, out long bytes)
    {
        bytes = 0;
        return value switch
        {
            ConfigNumber number => number.TryGetInteger(out bytes) && bytes >= 0,
            ConfigText text => ByteSize.TryParse(text.Text, out bytes),
            _ => false,
        };
    }
}

/// <summary>A size of memory, which EMQX counts in words.</summary>
internal sealed class WordSizeKind(Func<long, ConfigValue?> problemOf) : ByteSizeKind(problemOf);

/// <summary>A size that is not nothing.</summary>
internal sealed class PositiveByteSizeKind() : ByteSizeKind(static bytes => bytes > 0 ? null : new ConfigText("must be higher than 0"))
{
    /// <summary>A whole number below zero is a size that is too small, not a text that is none.</summary>
    protected override bool Take(ConfigValue value, out long bytes) => IntegerKind.TryRead(value, isRequest: true, out bytes) || TryRead(value, out bytes);
}

/// <summary>A percent as text, or a fraction.</summary>
internal sealed class PercentKind : ValueKind
{
    public override string Name => "emqx_schema:percent()";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var text = value is ConfigNumber number ? number.Text : (value as ConfigText)?.Text;
        return text is not null && Percent.TryParse(text, out _) ? value : at.Wrong(value, text ?? value);
    }
}

/// <summary>A rate as text.</summary>
internal sealed class RateKind : ValueKind
{
    public override string Name => "emqx_limiter_schema:rate()";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var text = value is ConfigNumber number ? number.Text : (value as ConfigText)?.Text;
        return text is not null && Rate.TryParse(text, out _) ? value : at.Wrong(value, text ?? value);
    }
}

/// <summary>A port, or an address and a port.</summary>
internal sealed class BindKind : ValueKind
{
    public override string Name => "emqx_schema:ip_port()";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var text = value is ConfigNumber number ? number.Text : (value as ConfigText)?.Text;
        if (text is null)
            return at.Unexpected(value, Name);
        return BindAddress.TryParse(text, out _, out var reason) ? value : at.Wrong(value, reason);
    }
}
