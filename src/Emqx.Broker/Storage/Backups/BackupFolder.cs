using Emqx.Broker.Cluster;

namespace Emqx.Broker.Storage.Backups;

/// <summary>
/// The backup files of this node: those of the folder <c>backup</c> in its data folder, where other programs may put files too. A node
/// that keeps nothing has none. Links and folders are no backups, so nothing outside the folder is read or deleted.
/// </summary>
internal sealed class BackupFolder(NodeIdentity node, TimeProvider time) : IBackupStore
{
    private const string PartExtension = ".part";

    private static readonly TimeSpan s_longestWriting = TimeSpan.FromDays(1);
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = FileAttributes.None };

    private string? Folder => node.KeepsNothing ? null : Path.Combine(Path.GetFullPath(node.DataFolder), "backup");

    public ValueTask<IReadOnlyList<BackupFile>> ListAsync(CancellationToken cancellation)
    {
        List<BackupFile> files = [];
        if (Folder is { } folder && Directory.Exists(folder))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", s_all))
            {
                if (IsBackup(file) && Describe(file) is { } described)
                    files.Add(described);
            }
        }

        files.Sort(static (left, right) =>
            left.CreatedAt != right.CreatedAt ? right.CreatedAt.CompareTo(left.CreatedAt) : string.CompareOrdinal(right.Name, left.Name));
        return new(files);
    }

    public ValueTask<BackupOpening> OpenAsync(string? wanted, string name, CancellationToken cancellation)
    {
        var outcome = Find(wanted, name, out var file);
        if (outcome != BackupOutcome.Done)
            return new(new BackupOpening(outcome));
        try
        {
            return new(new BackupOpening(outcome, new FileStream(file!.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(new BackupOpening(BackupOutcome.UnknownFile));
        }
    }

    public async ValueTask<BackupAddition> AddAsync(string name, Func<Stream, ValueTask> write, CancellationToken cancellation)
    {
        if (Folder is not { } folder || !BackupName.IsValid(name))
            return new(BackupOutcome.NoFolder);
        PrivateFolder.Make(folder);
        DeleteForgottenParts(folder);
        var file = new FileInfo(Path.Combine(folder, name));
        var part = Path.Combine(folder, Guid.NewGuid().ToString("N") + PartExtension);
        try
        {
            if (Path.Exists(file.FullName))
                return new(BackupOutcome.AlreadyExists);
            await WriteAsync(part, write, cancellation).ConfigureAwait(false);
            if (!TryMove(part, file.FullName))
                return new(BackupOutcome.AlreadyExists);
        }
        finally
        {
            File.Delete(part);
        }

        file.Refresh();
        return new(BackupOutcome.Done, Describe(file));
    }

    public ValueTask<BackupOutcome> DeleteAsync(string? wanted, string name, CancellationToken cancellation)
    {
        var outcome = Find(wanted, name, out var file);
        if (outcome == BackupOutcome.Done)
            file!.Delete();
        return new(outcome);
    }

    private static async ValueTask WriteAsync(string path, Func<Stream, ValueTask> write, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous }.Private();
        await using var part = new FileStream(path, options);
        await write(part).ConfigureAwait(false);
        await part.FlushAsync(cancellation).ConfigureAwait(false);
        part.Flush(flushToDisk: true);
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(to)) // another was quicker
        {
            return false;
        }
    }

    /// <summary>What a process that ended while it wrote has left.</summary>
    private void DeleteForgottenParts(string folder)
    {
        foreach (var part in new DirectoryInfo(folder).EnumerateFiles("*" + PartExtension, s_all))
        {
            if (time.GetUtcNow().UtcDateTime - part.LastWriteTimeUtc > s_longestWriting)
                part.Delete();
        }
    }

    private BackupOutcome Find(string? wanted, string name, out FileInfo? file)
    {
        file = null;
        if (wanted is not null && wanted != node.Name)
            return BackupOutcome.UnknownNode;
        if (Folder is not { } folder || !BackupName.IsValid(name))
            return BackupOutcome.UnknownFile;
        file = new FileInfo(Path.Combine(folder, name));
        return IsBackup(file) ? BackupOutcome.Done : BackupOutcome.UnknownFile;
    }

    private static bool IsBackup(FileInfo file) => BackupName.IsValid(file.Name) && file is { Exists: true, LinkTarget: null };

    // Null where the file has gone in the meantime.
    private BackupFile? Describe(FileInfo file)
    {
        try
        {
            return new BackupFile(node.Name, file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds());
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
