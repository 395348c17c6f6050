using System.Text;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Storage;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>The files of traces stay in their folder, whatever a trace is called.</summary>
public sealed class TraceFolderTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("emqx-trace").FullName;
    private readonly TraceFolder _folder;

    public TraceFolderTests() => _folder = new TraceFolder(Path.Combine(_data, "trace"));

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static StoredTrace Trace(string name) => new(name, "clientid", "c", "text", "text", 1_795_375_517, 1_795_376_117, Enable: true);

    private string[] Files() => [.. Directory.EnumerateFiles(Path.Combine(_data, "trace")).Select(path => Path.GetFileName(path)!)];

    [Fact]
    public void A_file_is_called_after_trace_and_day_and_is_its_owners_alone()
    {
        var file = _folder.Of(Trace("t1"));
        Assert.Null(file.Look());
        Assert.Null(file.OpenRead());
        file.Make();
        Assert.Equal(0, file.Look()!.Value.Size);
        file.Append("abc\n"u8);
        file.Append("def\n"u8);
        Assert.Equal(("trace_t1_2026-11-22.log", 8L), (file.Name, file.Look()!.Value.Size));
        using var reader = new StreamReader(file.OpenRead()!);
        Assert.Equal("abc\ndef\n", reader.ReadToEnd());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data, "trace", file.Name)));
        file.Delete();
        file.Delete();
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("a/../../x")]
    [InlineData("a\\b")]
    [InlineData("/etc/x")]
    [InlineData("a\0b")]
    [InlineData("a.b")]
    [InlineData("a\n")]
    [InlineData("")]
    [InlineData("1a")]
    public void A_name_that_could_lead_elsewhere_has_no_file(string name) => Assert.Null(KeptTrace.FromStored(Trace(name), _folder));

    [Fact]
    public void All_logs_together_have_a_bound_and_one_that_goes_makes_room()
    {
        var folder = new TraceFolder(Path.Combine(_data, "trace"), mostBytes: 10);
        var (first, second) = (folder.Of(Trace("t1")), folder.Of(Trace("t2")));
        Assert.True(first.HasRoomFor(10));
        first.Append("12345678"u8);
        Assert.True(second.HasRoomFor(2));
        Assert.False(second.HasRoomFor(3));
        first.Delete();
        Assert.True(second.HasRoomFor(10));
        Assert.InRange(TraceFolder.MostBytesTogether, second.MostBytes, 30 * second.MostBytes / 2);
    }

    [Fact]
    public void The_longest_names_have_files_of_their_own()
    {
        var names = new[] { new string('a', 256), new string('a', 255) + "b", new string('a', 255) };
        foreach (var name in names)
        {
            var file = KeptTrace.FromStored(Trace(name), _folder)!.File;
            file.Append(Encoding.UTF8.GetBytes(name));
            Assert.Equal($"trace_{name}_2026-11-22.log", file.Name);
        }

        Assert.Equal(3, Files().Length);
    }

    [Fact]
    public void Files_of_traces_that_are_gone_go_and_no_others()
    {
        var (kept, gone) = (_folder.Of(Trace("kept")), _folder.Of(Trace("gone")));
        kept.Make();
        gone.Make();
        var other = Path.Combine(_data, "trace", "notes.txt");
        File.WriteAllText(other, "mine");
        _folder.DeleteAllBut([Trace("kept")]);
        Assert.Equal(["notes.txt", "trace_kept_2026-11-22.log"], Files().Order(StringComparer.Ordinal));
        new TraceFolder(Path.Combine(_data, "nowhere")).DeleteAllBut([]);
    }
}
