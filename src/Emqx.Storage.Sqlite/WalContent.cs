namespace Emqx.Storage.Sqlite;

/// <summary>What there is in a write-ahead log.</summary>
internal readonly record struct WalContent
{
    /// <summary>There are frames and no header by which they could be read.</summary>
    public bool IsHeaderBroken { get; init; }

    /// <summary>What marks the frames of the present round.</summary>
    public ulong Salts { get; init; }

    /// <summary>Frames that are sound, up to the last commit: what SQLite takes.</summary>
    public long Frames { get; init; }

    /// <summary>Commits of the present round behind the first frame that is not sound. One may be a write that was cut off; more are lost changes.</summary>
    public int CommitsBehind { get; init; }
}
