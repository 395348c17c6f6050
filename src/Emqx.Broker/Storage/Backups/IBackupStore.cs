namespace Emqx.Broker.Storage.Backups;

/// <summary>The backup files of this node, or of a whole cluster.</summary>
internal interface IBackupStore
{
    /// <summary>All files, in the order in which they are listed: the newest first, those of one second descending by name.</summary>
    ValueTask<IReadOnlyList<BackupFile>> ListAsync(CancellationToken cancellation);

    /// <summary>Opens a file for reading; a name that <see cref="BackupName"/> forbids is one that is not there.</summary>
    /// <param name="node">Where it is; null for any node.</param>
    ValueTask<BackupOpening> OpenAsync(string? node, string name, CancellationToken cancellation);

    /// <summary>Adds a file of this node, which is there when all of it is written and on disk, or not at all.</summary>
    /// <param name="write">Writes its content, and may throw to take it back.</param>
    ValueTask<BackupAddition> AddAsync(string name, Func<Stream, ValueTask> write, CancellationToken cancellation);

    /// <summary>Deletes a file.</summary>
    /// <param name="node">Where it is; null for any node.</param>
    ValueTask<BackupOutcome> DeleteAsync(string? node, string name, CancellationToken cancellation);
}

/// <summary>A backup file, and the node that has it.</summary>
/// <param name="CreatedAt">Unix seconds.</param>
internal sealed record BackupFile(string Node, string Name, long Size, long CreatedAt);

/// <summary>What became of a wish for one file.</summary>
internal enum BackupOutcome
{
    Done,
    UnknownFile,
    UnknownNode,
    AlreadyExists,

    /// <summary>The node keeps nothing on disk.</summary>
    NoFolder,
}

/// <summary>A file added, or why it was not.</summary>
internal readonly record struct BackupAddition(BackupOutcome Outcome, BackupFile? File = null);

/// <summary>A file opened, or why it was not.</summary>
/// <param name="Content">To be disposed of; null unless the outcome is <see cref="BackupOutcome.Done"/>.</param>
internal readonly record struct BackupOpening(BackupOutcome Outcome, Stream? Content = null);
