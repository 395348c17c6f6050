namespace Emqx.Broker.Protocol;

/// <summary>MQTT's variable byte integer (5.0, 1.5.5).</summary>
internal static class VariableInt
{
    /// <summary>1 to 4.</summary>
    public static int SizeOf(uint value) => value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;

    /// <summary>Writes the value and returns how many bytes it took.</summary>
    public static int Write(Span<byte> into, uint value)
    {
        var at = 0;
        while (value > 0x7F)
        {
            into[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        into[at++] = (byte)value;
        return at;
    }
}
