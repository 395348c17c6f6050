using System.Globalization;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;

namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>
/// A file. When it has its size it becomes <c>….1</c>, what was that <c>….2</c>, and so on up to the count of files. One that was moved away by
/// others is begun anew.
/// </summary>
internal sealed class FileTarget(string path) : ILogTarget
{
    private volatile LogFileSettings? _rotation;
    private FileStream? _file;

    /// <summary>Why a file cannot be written; null where it can. It is opened as it would be for lines, and what that made goes again.</summary>
    public static string? ProblemWith(string path)
    {
        List<string> made = [];
        try
        {
            path = Path.GetFullPath(path);
            for (var folder = Path.GetDirectoryName(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
                made.Add(folder);
            var isNew = !File.Exists(path);
            using (var target = new FileTarget(path))
                target.Open();
            if (isNew)
                File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
        finally
        {
            foreach (var folder in made.Where(Directory.Exists))
                Directory.Delete(folder);
        }
    }

    /// <summary>How many files, of which size.</summary>
    public void Rotate(LogFileSettings settings) => _rotation = settings;

    public void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            while (!lines.IsEmpty)
            {
                var file = Open();
                var length = FittingIn(Room(file), lines);
                if (length == 0)
                {
                    Turn();
                    continue;
                }

                file.Write(lines[..length]);
                lines = lines[length..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private FileStream Open()
    {
        if (_file is not null && File.Exists(path))
            return _file;
        Close();
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            PrivateFolder.Make(folder);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = PrivateFolder.File | UnixFileMode.GroupRead;
        return _file = new FileStream(path, options);
    }

    /// <summary>Bytes that the file may still get.</summary>
    private long Room(FileStream file) => _rotation is { RotationSize: > 0 } rotation ? rotation.RotationSize - file.Length : long.MaxValue;

    /// <summary>Whole lines that fit; the first line alone where not even that fits into an empty file.</summary>
    private int FittingIn(long room, ReadOnlySpan<byte> lines)
    {
        if (lines.Length <= room)
            return lines.Length;
        var last = room <= 0 ? -1 : lines[..(int)room].LastIndexOf((byte)'\n');
        if (last >= 0)
            return last + 1;
        return _file!.Length > 0 ? 0 : lines.IndexOf((byte)'\n') + 1;
    }

    private void Turn()
    {
        Close();
        var most = _rotation?.RotationCount ?? 1;
        for (var number = most; File.Exists(Numbered(number)); number++)
            File.Delete(Numbered(number));
        for (var number = most - 1; number >= 1; number--)
        {
            var younger = number == 1 ? path : Numbered(number - 1);
            if (File.Exists(younger))
                File.Move(younger, Numbered(number), overwrite: true);
        }

        if (most <= 1)
            File.Delete(path);
    }

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
