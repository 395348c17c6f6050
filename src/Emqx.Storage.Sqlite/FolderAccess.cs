using Emqx.Broker.Storage;
using Microsoft.Win32.SafeHandles;

namespace Emqx.Storage.Sqlite;

/// <summary>The data folder and its files are for the server's own user: there are hashes of passwords and keys in them.</summary>
internal static class FolderAccess
{
    /// <summary>EWOULDBLOCK, of Linux and of BSD.</summary>
    private const int Locked = 11, LockedElsewhere = 35;

    /// <summary>Makes the folder, for its owner alone. One that is there already and has nothing of ours stays as its owner made it.</summary>
    public static void Make(string folder, string database)
    {
        PrivateFolder.Make(folder);
        if (!OperatingSystem.IsWindows() && File.Exists(database) && (File.GetUnixFileMode(folder) & UnixFileMode.StickyBit) == 0)
            Restrict(folder, PrivateFolder.Mode);
    }

    /// <summary>Leaves the file to its owner, where it is there.</summary>
    public static void Restrict(string file)
    {
        if (File.Exists(file))
            Restrict(file, PrivateFolder.File);
    }

    /// <summary>Opens or makes a file that nobody else has open in this way.</summary>
    public static SafeFileHandle OpenAlone(string path)
    {
        try
        {
            Make(path, FileShare.None);
        }
        catch (IOException e) when (e.HResult is Locked or LockedElsewhere)
        {
            throw new IOException($"the data folder {Path.GetDirectoryName(path)} is used by another process");
        }

        Restrict(path);
        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Makes a file for its owner alone, where it is not there. Files that SQLite makes beside it have its rights.</summary>
    public static void MakeFile(string path)
    {
        if (!File.Exists(path))
            Make(path, FileShare.ReadWrite);
    }

    private static void Make(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 }.Private();
        using var made = new FileStream(path, options);
    }

    /// <summary>Takes rights away from others, never adds any; a file system without rights is left as it is.</summary>
    private static void Restrict(string path, UnixFileMode owner)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~owner) != 0)
                File.SetUnixFileMode(path, mode & owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It belongs to somebody else, who lets the server use it.
        }
    }
}
