using System.Text;
using System.Text.Json;
using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Node;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Emqx.Mgmt.Hosting.Logs;
using Emqx.TestKit;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>Log files: their form, level and rotation, and what happens when a disk does not take them.</summary>
public sealed class NodeLogsTests : IDisposable
{
    private static readonly LogHandlerSettings s_handler = new(Enable: true, "warning", Json: false, "auto", "utc");

    private readonly LogTap _tap = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-logs").FullName;

    private string File => Path.Combine(_folder, "log", "node.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private NodeConfiguration Configure(string log)
    {
        var path = Path.Combine(_folder, "emqx.conf");
        System.IO.File.WriteAllText(path, $"log.console.enable = false\nlog.file.default {{ enable = true, path = \"${{EMQX_LOG_DIR}}/node.log\" }}\n{log}");
        var sources = ConfigurationSources.From(NodeRoots.Catalogue, new Dictionary<string, string>
        {
            ["EMQX_CONFIG_FILE"] = path, ["EMQX_LOG_DIR"] = Path.Combine(_folder, "log"),
        });
        var configuration = NodeConfiguration.Load(sources, new Dictionary<string, string>(), out var failures);
        Assert.Empty(failures);
        return configuration!;
    }

    private static void Change(NodeConfiguration configuration, string log)
    {
        var changed = configuration.Running["log"].MergedWith(HoconParser.Parse(log));
        configuration.Running.Replace(new Dictionary<string, ConfigValue> { ["log"] = LogSchema.Root.Kind.Check(changed, "log", [])! });
    }

    private string[] Lines(string log, Action<ILogger, NodeConfiguration> write)
    {
        var configuration = Configure(log);
        using (var logs = new NodeLogs(configuration, new ManualClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero)), _tap))
            write(logs.CreateLogger("Some.Source"), configuration);
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllLines(File) : [];
    }

    private string[] Lines(string log, LogLevel level, string message, Exception? error = null) =>
        Lines(log, (logger, _) => logger.Log(level, 0, message, error, static (text, _) => text));

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience.Long));

    [Theory]
    [InlineData("time_offset = utc", "2026-01-02T03:04:05.678000+00:00 [warning] msg: hello, source: Some.Source")]
    [InlineData("time_offset = \"+08:00\"", "2026-01-02T11:04:05.678000+08:00 [warning] msg: hello, source: Some.Source")]
    [InlineData("time_offset = \"-02:30\", timestamp_format = rfc3339", "2026-01-02T00:34:05.678000-02:30 [warning] msg: hello, source: Some.Source")]
    [InlineData("timestamp_format = epoch", "1767323045678000 [warning] msg: hello, source: Some.Source")]
    [InlineData("formatter = json", """{"time":1767323045678000,"level":"warning","msg":"hello","source":"Some.Source"}""")]
    [InlineData("formatter = json, timestamp_format = rfc3339, time_offset = utc", """{"time":"2026-01-02T03:04:05.678000+00:00","level":"warning","msg":"hello","source":"Some.Source"}""")]
    public void A_line_has_the_form_that_is_asked_for(string form, string line) =>
        Assert.Equal(line, Assert.Single(Lines($"log.file.default {{ {form} }}", LogLevel.Warning, "hello")));

    [Fact]
    public void Lines_go_to_the_tap_too_from_its_own_level_on()
    {
        var heard = new List<string>();
        _tap.Open(LogLevel.Information, (level, source, message, _) => heard.Add($"{level} {source} {message}"));
        Assert.Empty(Lines("", LogLevel.Information, "hello"));
        Assert.Empty(Lines("", LogLevel.Debug, "hello"));
        Assert.Equal("Information Some.Source hello", Assert.Single(heard));
        _tap.Close();
        Assert.Single(Lines("", LogLevel.Warning, "hello"));
        Assert.Single(heard);
    }

    [Fact]
    public void What_is_logged_stays_on_one_line()
    {
        var line = Assert.Single(Lines("", LogLevel.Error, "a\r\n2026 [error] msg: forged\u001b[0m", new InvalidOperationException("b\nc")));
        Assert.Contains("msg: a\\n2026 [error] msg: forged [0m, source", line, StringComparison.Ordinal);
        Assert.Contains("exception: System.InvalidOperationException: b\\nc", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_sound_whatever_is_logged()
    {
        var line = Assert.Single(Lines("log.file.default.formatter = json", LogLevel.Error, "a\n\"\ud800\u0001", new InvalidOperationException("b\nc")));
        Assert.StartsWith("a\n\"", JsonDocument.Parse(line).RootElement.GetProperty("msg").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_is_cut() => Assert.InRange(Assert.Single(Lines("", LogLevel.Error, new string('x', 1_000_000))).Length, 16_000, 20_000);

    [Theory]
    [InlineData("all", LogLevel.Trace, LogLevel.Trace)]
    [InlineData("debug", LogLevel.Debug, LogLevel.Trace)]
    [InlineData("info", LogLevel.Information, LogLevel.Debug)]
    [InlineData("notice", LogLevel.Information, LogLevel.Debug)]
    [InlineData("warning", LogLevel.Warning, LogLevel.Information)]
    [InlineData("error", LogLevel.Error, LogLevel.Warning)]
    [InlineData("critical", LogLevel.Critical, LogLevel.Error)]
    [InlineData("emergency", LogLevel.Critical, LogLevel.Error)]
    public void Lines_below_the_level_are_left_out(string level, LogLevel written, LogLevel below)
    {
        Assert.Single(Lines($"log.file.default.level = {level}", written, "x"));
        System.IO.File.Delete(File);
        if (below != written)
            Assert.Empty(Lines($"log.file.default.level = {level}", below, "x"));
    }

    [Fact]
    public void Level_form_and_file_change_while_it_runs()
    {
        var other = Path.Combine(_folder, "other.log");
        Lines("", (logger, configuration) =>
        {
            logger.LogInformation("left out");
            Change(configuration, "file.default.level = debug");
            Assert.True(logger.IsEnabled(LogLevel.Debug));
            logger.LogDebug("written");
            Change(configuration, "file.default { path = \"" + other + "\", level = error, formatter = json }");
            Assert.False(logger.IsEnabled(LogLevel.Warning));
            logger.LogError("elsewhere");
            Change(configuration, "file.default.enable = false");
            Assert.False(logger.IsEnabled(LogLevel.Critical));
            logger.LogError("nowhere");
        });
        Await(() => System.IO.File.Exists(File) && System.IO.File.ReadAllText(File).EndsWith("msg: written, source: Some.Source\n", StringComparison.Ordinal));
        Assert.Single(System.IO.File.ReadAllLines(File));
        Await(() => System.IO.File.Exists(other) && System.IO.File.ReadAllText(other).Contains("elsewhere", StringComparison.Ordinal));
        Assert.DoesNotContain("nowhere", System.IO.File.ReadAllText(other), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_files_have_levels_of_their_own()
    {
        Lines("log.file.more { enable = true, level = debug, path = \"${EMQX_LOG_DIR}/more.log\" }", static (logger, _) =>
        {
            logger.LogDebug("small");
            logger.LogError("big");
        });
        Assert.Single(System.IO.File.ReadAllLines(File));
        Assert.Equal(2, System.IO.File.ReadAllLines(Path.Combine(_folder, "log", "more.log")).Length);
    }

    [Fact]
    public void A_file_of_its_size_moves_on_and_the_oldest_goes()
    {
        var lines = Lines("log.file.default { rotation_size = 1KB, rotation_count = 3 }", static (logger, _) =>
        {
            for (var i = 0; i < 100; i++)
                logger.Log(LogLevel.Error, 0, $"line {i:000}", null, static (text, _) => text);
        });
        var files = Directory.GetFiles(Path.GetDirectoryName(File)!).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal([File, File + ".1", File + ".2"], files);
        Assert.All(files, static file => Assert.InRange(new FileInfo(file).Length, 1, 1024));
        Assert.Contains("line 099", lines[^1], StringComparison.Ordinal);
        var kept = System.IO.File.ReadAllLines(File + ".2").Concat(System.IO.File.ReadAllLines(File + ".1")).Concat(lines).Select(static line => line.Split("line ")[1][..3]).ToArray();
        Assert.Equal(Enumerable.Range(100 - kept.Length, kept.Length).Select(static i => $"{i:000}"), kept);
    }

    [Fact]
    public void A_file_that_others_moved_away_is_begun_anew() => Assert.Single(Lines("", (logger, _) =>
    {
        logger.LogError("first");
        Await(() => System.IO.File.Exists(File) && new FileInfo(File).Length > 0);
        System.IO.File.Move(File, File + ".away");
        logger.LogError("second");
    }));

    [Fact]
    public void A_start_goes_on_with_the_file_that_is_there()
    {
        Lines("", LogLevel.Error, "first");
        Assert.Equal(2, Lines("", LogLevel.Error, "second").Length);
    }

    [Fact]
    public void A_target_that_is_stuck_costs_a_bounded_number_of_lines_and_nobody_waits()
    {
        using var target = new StuckTarget();
        using (var sink = new LogSink("stuck", target, TimeProvider.System))
        {
            sink.Use(s_handler);
            for (var i = 0; i < 30_000; i++)
                sink.Add(LogLine.Of(default, LogLevel.Error, "s", $"line {i}", null));
            Assert.InRange(sink.Dropped, 30_000 - (3 * 8192), 30_000 - 8192);
            target.Free.Set();
            sink.Add(LogLine.Of(default, LogLevel.Error, "s", "last", null));
        }

        var written = Encoding.UTF8.GetString(target.Written.ToArray());
        Assert.Contains("lines were dropped", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_fails_is_tried_again_and_tells_what_was_lost()
    {
        using var target = new StuckTarget { Fails = true };
        target.Free.Set();
        using (var sink = new LogSink("failing", target, TimeProvider.System))
        {
            sink.Use(s_handler);
            sink.Add(LogLine.Of(default, LogLevel.Error, "s", "lost", null));
            Await(() => sink.Dropped == 1);
            target.Fails = false;
            sink.Add(LogLine.Of(default, LogLevel.Error, "s", "kept", null));
        }

        var written = Encoding.UTF8.GetString(target.Written.ToArray());
        Assert.Contains("msg: 1 lines were dropped", written, StringComparison.Ordinal);
        Assert.Contains("msg: kept", written, StringComparison.Ordinal);
    }

    /// <summary>Takes nothing before it is freed.</summary>
    private sealed class StuckTarget : ILogTarget
    {
        public readonly ManualResetEventSlim Free = new();
        public readonly MemoryStream Written = new();

        public bool Fails { get; set; }

        public void Write(ReadOnlySpan<byte> lines)
        {
            Free.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            if (Fails)
                throw new IOException("No space left on device");
            Written.Write(lines);
        }

        public void Dispose()
        {
        }
    }
}
