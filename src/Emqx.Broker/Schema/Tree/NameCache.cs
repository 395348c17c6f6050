using System.Text;
using System.Text.Json;

namespace Emqx.Broker.Schema.Tree;

/// <summary>The names met in one text, so that a thousand like objects do not make each name a thousand times.</summary>
internal sealed class NameCache
{
    private const int Places = 64;

    private readonly string?[] _names = new string?[Places];

    /// <summary>The name at which the reader stands.</summary>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.IsEmpty)
            return reader.GetString()!;
        var bytes = reader.ValueSpan;
        ref var place = ref _names[((bytes.Length * 31) + (bytes[0] * 7) + bytes[^1]) % Places];
        if (place is not null && place.Length == bytes.Length && Ascii.Equals(bytes, place))
            return place;
        return place = reader.GetString()!;
    }
}
