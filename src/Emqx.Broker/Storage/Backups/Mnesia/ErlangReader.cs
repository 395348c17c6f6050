using System.Buffers.Binary;
using System.Text;

namespace Emqx.Broker.Storage.Backups.Mnesia;

/// <summary>Reads Erlang's external term format, within bounds; what is none is an <see cref="InvalidDataException"/>.</summary>
internal ref struct ErlangReader
{
    private const byte Version = 131;
    private const int MostTerms = 200_000;
    private const int Deepest = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private int _terms;

    private ErlangReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The term that the bytes hold.</summary>
    public static ErlangTerm Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ErlangReader(bytes);
        if (reader.Byte() != Version)
            throw Unreadable();
        return reader.Term(0);
    }

    // The numbers are the format's tags.
    private ErlangTerm Term(int depth)
    {
        if (depth > Deepest || ++_terms > MostTerms)
            throw Unreadable();
        switch (Byte())
        {
            case 97:
                return new ErlangTerm.Integer(Byte());
            case 98:
                return new ErlangTerm.Integer(BinaryPrimitives.ReadInt32BigEndian(Take(4)));
            case 110:
                return Big(Byte());
            case 111:
                return Big(Length());
            case 100 or 118:
                return new ErlangTerm.Atom(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2)))));
            case 115 or 119:
                return new ErlangTerm.Atom(Encoding.UTF8.GetString(Take(Byte())));
            case 109:
                return new ErlangTerm.Binary(Take(Length()).ToArray());
            case 104:
                return new ErlangTerm.Tuple(Terms(Byte(), depth));
            case 105:
                return new ErlangTerm.Tuple(Terms(Length(), depth));
            case 106:
                return new ErlangTerm.List([]);
            case 107:
                return new ErlangTerm.List(Array.ConvertAll(Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2))).ToArray(), static one => (ErlangTerm)new ErlangTerm.Integer(one)));
            case 108:
                var items = Terms(Length(), depth);
                Term(depth + 1); // what follows the last item: nothing, in a list that is one
                return new ErlangTerm.List(items);
            case 116:
                return Fields(Length(), depth);
            case 70:
                Take(8);
                return new ErlangTerm.Other();
            default:
                throw Unreadable();
        }
    }

    private ErlangTerm[] Terms(int count, int depth)
    {
        if (count > _bytes.Length - _at)
            throw Unreadable();
        var terms = new ErlangTerm[count];
        for (var i = 0; i < count; i++)
            terms[i] = Term(depth + 1);
        return terms;
    }

    private ErlangTerm.Map Fields(int count, int depth)
    {
        if (count > (_bytes.Length - _at) / 2)
            throw Unreadable();
        var fields = new KeyValuePair<ErlangTerm, ErlangTerm>[count];
        for (var i = 0; i < count; i++)
            fields[i] = new(Term(depth + 1), Term(depth + 1));
        return new(fields);
    }

    private ErlangTerm Big(int length)
    {
        var isNegative = Byte() != 0;
        var digits = Take(length);
        if (length > sizeof(long) || (length == sizeof(long) && digits[^1] > sbyte.MaxValue))
            return new ErlangTerm.Other();
        long value = 0;
        for (var i = length - 1; i >= 0; i--)
            value = (value << 8) | digits[i];
        return new ErlangTerm.Integer(isNegative ? -value : value);
    }

    private int Length() => BinaryPrimitives.ReadUInt32BigEndian(Take(4)) is <= int.MaxValue and var length ? (int)length : throw Unreadable();

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw Unreadable();
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private static InvalidDataException Unreadable() => new("unreadable term");
}
