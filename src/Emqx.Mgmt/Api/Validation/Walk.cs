using System.Globalization;
using System.Text;
using System.Text.Json;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>One pass over a value against its schema: where it stands, what it found wrong, whether something was converted.</summary>
internal sealed class Walk(string? root, bool firstOnly, bool converts)
{
    private readonly List<(string? Name, int Index)> _place = [];
    private List<string>? _violations;

    /// <summary>Numbers pass for texts (not in operations that EMQX does not convert).</summary>
    public bool Converts => converts;

    /// <summary>Something must be written differently from how it came.</summary>
    public bool NeedsRewrite { get; set; }

    /// <summary>Nothing was wrong so far.</summary>
    public bool IsGood => _violations is null;

    /// <summary>No need to look further.</summary>
    public bool IsOver => firstOnly && _violations is not null;

    /// <summary>Where the walk stands, <c>root.1.qos</c>.</summary>
    public string Place
    {
        get
        {
            var text = new StringBuilder(root);
            foreach (var (name, index) in _place)
            {
                if (text.Length > 0) text.Append('.');
                if (name is null) text.Append(CultureInfo.InvariantCulture, $"{index}");
                else text.Append(name);
            }
            return text.ToString();
        }
    }

    public void Enter(string name) => _place.Add((name, 0));

    /// <summary>Enters an item, counted from 1.</summary>
    public void Enter(int index) => _place.Add((null, index));

    public void Leave() => _place.RemoveAt(_place.Count - 1);

    /// <summary>A value that does not fit, with EMQX's reason as text.</summary>
    public bool Fail(JsonElement value, string reason) => Fail(writer =>
    {
        WriteValue(writer, value);
        writer.WriteString("reason"u8, reason);
    });

    /// <summary>A value that is not of the type expected, <c>{"expected":"pos_integer()"}</c>.</summary>
    public bool FailExpected(JsonElement value, string expected) => Fail(writer =>
    {
        WriteValue(writer, value);
        writer.WriteStartObject("reason"u8);
        writer.WriteString("expected"u8, expected);
        writer.WriteEndObject();
    });

    /// <summary>Any other violation; the members beside path and kind are written by <paramref name="members"/>.</summary>
    public bool Fail(Action<Utf8JsonWriter> members)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteString("path"u8, Place);
            writer.WriteString("kind"u8, "validation_error"u8);
            writer.WriteEndObject();
        }
        (_violations ??= []).Add(Encoding.UTF8.GetString(buffer.Span));
        return false;
    }

    /// <summary>All violations as EMQX's JSON text: one object, or an array of several.</summary>
    public string Message => _violations switch
    {
        null => "",
        [var only] => only,
        _ => $"[{string.Join(',', _violations)}]",
    };

    /// <summary>The member <c>value</c>: numbers that came as text show as numbers.</summary>
    public static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        writer.WritePropertyName("value"u8);
        try
        {
            value.WriteTo(writer);
        }
        catch (InvalidOperationException)
        {
            writer.WriteStringValue("?");
        }
    }
}
