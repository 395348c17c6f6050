namespace Emqx.Storage.Sqlite;

/// <summary>The files of a data folder's database, and whether they are still what they were left as.</summary>
internal sealed class DatabaseFiles(string folder)
{
    private const string Name = "emqx.db";

    public string Database { get; } = Path.Combine(folder, Name);

    public string Log { get; } = Path.Combine(folder, Name + "-wal");

    /// <summary>Takes the folder, which is made where it is not there. Throws <see cref="IOException"/>, with words for people.</summary>
    public WalMark Take()
    {
        try
        {
            FolderAccess.Make(folder, Database);
            return WalMark.Open(Path.Combine(folder, Name + "-mark"), Log);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"the data folder {folder} cannot be written: {e.Message}", e);
        }
        catch (IOException e) when (!e.Message.StartsWith("the data folder", StringComparison.Ordinal))
        {
            throw new IOException($"the data folder {folder} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Throws <see cref="IOException"/> where acknowledged changes are gone. SQLite would begin with what is left, or with nothing, without a word:
    /// passwords that were changed would be the old ones again.
    /// </summary>
    public void Check(WalMark mark)
    {
        var length = File.Exists(Database) ? new FileInfo(Database).Length : -1;
        var log = WalFile.Read(Log);
        if (length == 0 && (mark.IsMade || !mark.IsNew || log.Frames > 0))
            throw Lost($"{Name} is empty");
        if (length < 0 && !mark.IsNew)
            throw Lost($"{Name} is missing");
        if (IsDamaged(log, mark))
            throw new IOException($"{folder}: {Name}-wal is damaged or missing, and with it changes that were made. "
                + $"Put back a copy of the folder, or remove {Name}-wal and {Name}-mark to start without those changes");
    }

    /// <summary>Leaves the files to their owner: those of older versions could be read by all.</summary>
    public void Restrict()
    {
        FolderAccess.Restrict(Database);
        FolderAccess.Restrict(Log);
    }

    /// <summary>Without a mark, a single commit that cannot be read may be a write that was cut off.</summary>
    private static bool IsDamaged(WalContent log, WalMark mark) => !mark.IsKnown
        ? log.IsHeaderBroken || log.CommitsBehind > 1
        : mark.Frames > 0 && (log.Salts != mark.Salts || log.Frames < mark.Frames);

    private IOException Lost(string what) =>
        new($"{folder}: {what}, where there has been a database. Put back a copy of the folder, or remove {Name}* to begin anew");
}
