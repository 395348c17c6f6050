namespace Emqx.Broker.Storage;

/// <summary>Folders for the server's own user alone.</summary>
internal static class PrivateFolder
{
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Mode = File | UnixFileMode.UserExecute;

    /// <summary>What is made with these options is for the server's own user alone.</summary>
    public static FileStreamOptions Private(this FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File;
        return options;
    }

    /// <summary>Makes the folder and those above it; what is there already stays as it is.</summary>
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Mode);
    }
}
