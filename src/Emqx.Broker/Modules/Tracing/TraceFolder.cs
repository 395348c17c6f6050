using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>The folder <c>trace</c> in the data folder, one file a trace.</summary>
/// <param name="folder">Where it is.</param>
/// <param name="mostBytes">Bytes that all logs together may have.</param>
internal sealed class TraceFolder(string folder, long mostBytes = TraceFolder.MostBytesTogether) : ITraceFiles
{
    /// <summary>Bytes that all logs together may have; EMQX bounds each alone.</summary>
    public const long MostBytesTogether = 2L << 30;

    private const int LongestFileName = 200;
    private const string Prefix = "trace_";
    private const string Extension = ".log";

    public ITraceFile Of(StoredTrace trace) => new TraceFile(this, NameOf(trace), Path.Combine(folder, OnDisk(NameOf(trace))));

    public void DeleteAllBut(IEnumerable<StoredTrace> kept)
    {
        if (!Directory.Exists(folder))
            return;
        var names = kept.Select(static trace => OnDisk(NameOf(trace))).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*" + Extension))
        {
            if (!names.Contains(Path.GetFileName(path)))
                File.Delete(path);
        }
    }

    /// <summary>What the log of a trace is called.</summary>
    public static string NameOf(StoredTrace trace) =>
        Prefix + trace.Name + DateTimeOffset.FromUnixTimeSeconds(trace.StartAt).ToString("_yyyy-MM-dd", CultureInfo.InvariantCulture) + Extension;

    /// <summary>What is there is asked and not remembered: others may have moved files away.</summary>
    private bool HasRoomFor(int count)
    {
        var bytes = (long)count;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(Prefix + "*" + Extension))
            bytes += file.Length;
        return bytes <= mostBytes;
    }

    /// <summary>Names may have 256 letters, files of most systems 255 bytes: the end of a long one is a hash.</summary>
    private static string OnDisk(string name) => name.Length <= LongestFileName
        ? name
        : name[..(LongestFileName - 64)] + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32] + Extension;

    /// <summary>A file is opened for each piece that is written: nothing is held open, and one that others have moved away is begun anew.</summary>
    private sealed class TraceFile(TraceFolder folder, string name, string path) : ITraceFile
    {
        public string Name => name;

        public long MostBytes => 512L << 20;

        public bool HasRoomFor(int count)
        {
            PrivateFolder.Make(Path.GetDirectoryName(path)!);
            return folder.HasRoomFor(count);
        }

        public void Make() => Open().Dispose();

        public void Append(ReadOnlySpan<byte> lines)
        {
            using var file = Open();
            file.Write(lines);
        }

        public void Delete()
        {
            if (File.Exists(path))
                File.Delete(path);
        }

        public TraceFileFacts? Look() => new FileInfo(path) is { Exists: true } file
            ? new(file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds())
            : null;

        public Stream? OpenRead()
        {
            try
            {
                return new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
                });
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }

        private FileStream Open()
        {
            PrivateFolder.Make(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 }.Private();
            return new FileStream(path, options);
        }
    }
}
