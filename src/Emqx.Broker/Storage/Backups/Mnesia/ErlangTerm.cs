using System.Net;
using System.Text;

namespace Emqx.Broker.Storage.Backups.Mnesia;

/// <summary>A value of Erlang, as EMQX's database keeps it.</summary>
internal abstract record ErlangTerm
{
    /// <summary>A name.</summary>
    internal sealed record Atom(string Name) : ErlangTerm;

    internal sealed record Integer(long Value) : ErlangTerm;

    /// <summary>Bytes; mostly text.</summary>
    internal sealed record Binary(byte[] Bytes) : ErlangTerm;

    internal sealed record Tuple(ErlangTerm[] Items) : ErlangTerm;

    /// <summary>A list; of bytes, a text of old.</summary>
    internal sealed record List(ErlangTerm[] Items) : ErlangTerm;

    internal sealed record Map(KeyValuePair<ErlangTerm, ErlangTerm>[] Fields) : ErlangTerm
    {
        /// <summary>The value of a field that is named by an atom; null where there is none.</summary>
        public ErlangTerm? this[string name] => Array.Find(Fields, field => field.Key is Atom atom && atom.Name == name).Value;
    }

    /// <summary>What no table of ours has: floats, references, huge numbers.</summary>
    internal sealed record Other : ErlangTerm;

    /// <summary>The text of a binary; null for anything else.</summary>
    public string? Text => this is Binary binary ? Encoding.UTF8.GetString(binary.Bytes) : null;

    /// <summary>The address that a tuple of four or eight numbers stands for; null for anything else.</summary>
    public IPAddress? Address => this switch
    {
        Tuple { Items.Length: 4 } four when Numbers(four) is { } bytes && Array.TrueForAll(bytes, static one => one is >= 0 and <= byte.MaxValue) =>
            new IPAddress([.. bytes.Select(static one => (byte)one)]),
        Tuple { Items.Length: 8 } eight when Numbers(eight) is { } words && Array.TrueForAll(words, static one => one is >= 0 and <= ushort.MaxValue) =>
            new IPAddress([.. words.SelectMany(static one => (byte[])[(byte)(one >> 8), (byte)one])]),
        _ => null,
    };

    private static long[]? Numbers(Tuple tuple) => Array.TrueForAll(tuple.Items, static item => item is Integer) ? Array.ConvertAll(tuple.Items, static item => ((Integer)item).Value) : null;
}
