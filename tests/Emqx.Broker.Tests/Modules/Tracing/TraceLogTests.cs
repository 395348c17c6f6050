using System.Diagnostics;
using Emqx.Broker.Modules.Tracing;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>The way of lines to a file: a slow or full disk costs lines, never time, and what waits has a bound.</summary>
public sealed class TraceLogTests : IDisposable
{
    private static readonly byte[] s_payload = [.. Enumerable.Repeat((byte)'x', 1000)];

    private readonly FakeTraceFile _file = new();
    private readonly TraceWriter _writer = new(NullLogger<TraceWriter>.Instance);

    public void Dispose() => _writer.Dispose();

    private TraceLog Log(FakeTraceFile file) => new(file, new TraceForm(IsJson: false, PayloadEncode.Text, new ManualClock()), _writer);

    private static void Add(TraceLog log, string message) => log.Add(new TraceEvent("T", message) { HasPayload = true, Payload = s_payload });

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience.Long));

    [Fact]
    public void Lines_are_in_the_file_in_their_order()
    {
        var log = Log(_file);
        for (var i = 0; i < 100; i++)
            Add(log, $"m{i};");
        Await(() => _file.Text.Contains("m99;", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"m{i};"), _file.Text.Split('\n')[..^1].Select(line => line.Split(' ')[4].TrimEnd(',')));
    }

    [Fact]
    public void A_slow_disk_is_not_waited_for_and_costs_lines_that_are_told_of()
    {
        var log = Log(_file);
        _file.Takes.Reset();
        Add(log, "first;");
        Assert.True(_file.IsAsked.Wait(Patience.Long));
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
            Add(log, $"m{i};");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience.Long / 3); // the disk does nothing meanwhile
        _file.Takes.Set();
        Await(() => _file.Text.Contains("trace_lines_dropped", StringComparison.Ordinal));
        var lines = _file.Text.Split('\n')[..^1];
        Assert.InRange(_file.Text.Length, TraceLog.MostWaiting / 2, TraceLog.MostWaiting + 10_000);
        Assert.EndsWith($"msg: trace_lines_dropped, count: {10_001 - (lines.Length - 1)}", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_refuses_costs_lines_and_is_tried_again()
    {
        var log = Log(_file);
        _file.IsBroken = true;
        Add(log, "lost;");
        Assert.True(_file.IsAsked.Wait(Patience.Long));
        _file.IsBroken = false;
        Await(() =>
        {
            Add(log, "kept;");
            return _file.Text.Contains("kept;", StringComparison.Ordinal);
        });
        Await(() => _file.Text.Contains("trace_lines_dropped", StringComparison.Ordinal) || _file.Text.Contains("lost;", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_that_have_no_room_among_all_logs_are_dropped_and_told_of_when_there_is_some()
    {
        var log = Log(_file);
        _file.HasRoom = false;
        Add(log, "lost;");
        var other = new FakeTraceFile();
        Add(Log(other), "passed;");
        Await(() => other.Text.Contains("passed;", StringComparison.Ordinal)); // the one writer has had the first line, too
        Assert.Empty(_file.Text);
        _file.HasRoom = true;
        Add(log, "kept;");
        Await(() => _file.Text.Contains("trace_lines_dropped, count: 1", StringComparison.Ordinal));
        Assert.DoesNotContain("lost;", _file.Text, StringComparison.Ordinal);
        Assert.Contains("kept;", _file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_has_its_size_gets_no_more()
    {
        var file = new FakeTraceFile { MostBytes = 5000 };
        var log = Log(file);
        for (var i = 0; i < 100; i++)
            Add(log, $"m{i};");
        var other = Log(_file);
        Add(other, "later;");
        Await(() => _file.Text.Contains("later;", StringComparison.Ordinal)); // the one writer has passed the full one by
        Assert.InRange(file.Text.Length, 0, 5000);
    }

    [Fact]
    public void What_ends_takes_no_more_but_what_was_there_is_written()
    {
        var log = Log(_file);
        Add(log, "before;");
        log.End();
        Add(log, "after;");
        Await(() => _file.Text.Contains("before;", StringComparison.Ordinal));
        log.Begin();
        Add(log, "again;");
        Await(() => _file.Text.Contains("again;", StringComparison.Ordinal));
        Assert.DoesNotContain("after;", _file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_deleted_does_not_come_back()
    {
        var log = Log(_file);
        Add(log, "before;");
        log.Delete();
        log.Write();
        var other = Log(new FakeTraceFile());
        Add(other, "x");
        Assert.True(_file.IsDeleted);
    }
}
