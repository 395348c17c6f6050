namespace Emqx.Broker.Collections;

/// <summary>How the rows of a <see cref="SortedChunks{TRow,TKey,TOrder}"/> are ordered. Implemented by empty structs, so that calls are inlined.</summary>
internal interface IRowOrder<TRow, TKey>
{
    /// <summary>The key of a row. It must not change while the row is in the list.</summary>
    static abstract TKey KeyOf(TRow row);

    /// <summary>Negative where <paramref name="key"/> stands before <paramref name="row"/>, 0 where it is the row's.</summary>
    static abstract int Compare(in TKey key, TRow row);
}
