using System.Buffers.Binary;
using System.Text;

namespace Emqx.Broker.Tests.Modules.OpenTelemetry;

/// <summary>A message of protobuf, read without its description.</summary>
internal readonly struct ProtoFields(ReadOnlyMemory<byte> bytes)
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Bytes, ulong Value)> _fields = Read(bytes);

    /// <summary>The messages at a path of field numbers.</summary>
    public IReadOnlyList<ProtoFields> At(params int[] path)
    {
        List<ProtoFields> found = [this];
        foreach (var number in path)
            found = [.. found.SelectMany(one => one._fields.Where(field => field.Number == number).Select(field => new ProtoFields(field.Bytes)))];
        return found;
    }

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    public ulong Number(int number) => _fields.FirstOrDefault(field => field.Number == number).Value;

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    /// <summary>Attributes whose values are texts.</summary>
    /// <param name="number">The field that holds them.</param>
    public Dictionary<string, string> Attributes(int number) => At(number).ToDictionary(static one => one.Text(1), static one => one.At(2)[0].Text(1));

    private ReadOnlyMemory<byte> Bytes(int number) => _fields.FirstOrDefault(field => field.Number == number).Bytes;

    private static List<(int, ReadOnlyMemory<byte>, ulong)> Read(ReadOnlyMemory<byte> bytes)
    {
        var fields = new List<(int, ReadOnlyMemory<byte>, ulong)>();
        var at = 0;
        while (at < bytes.Length)
        {
            var tag = VarInt(bytes.Span, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((number, default, VarInt(bytes.Span, ref at)));
                    break;
                case 1:
                    fields.Add((number, default, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..])));
                    at += 8;
                    break;
                case 5:
                    fields.Add((number, default, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..])));
                    at += 4;
                    break;
                default:
                    var length = (int)VarInt(bytes.Span, ref at);
                    if (length < 0 || length > bytes.Length - at)
                        return []; // a text, which is no message
                    fields.Add((number, bytes.Slice(at, length), 0));
                    at += length;
                    break;
            }
        }

        return fields;
    }

    private static ulong VarInt(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; at < bytes.Length && shift < 64; shift += 7)
        {
            var digit = bytes[at++];
            value |= (ulong)(digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
                break;
        }

        return value;
    }
}
