namespace Emqx.Broker.Collections;

/// <summary>Compares texts by the bytes of their UTF-8, as EMQX orders binaries, without encoding them.</summary>
internal static class Utf8Order
{
    /// <summary>Negative where <paramref name="left"/> comes first, 0 where both are the same.</summary>
    public static int Compare(string left, string right)
    {
        if (ReferenceEquals(left, right))
            return 0;
        ReadOnlySpan<char> a = left, b = right;
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
            return a.Length.CompareTo(b.Length);
        return Weight(a[same]) - Weight(b[same]);
    }

    // UTF-16 has the halves of the characters above U+FFFF below U+E000; UTF-8 has them last.
    private static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
