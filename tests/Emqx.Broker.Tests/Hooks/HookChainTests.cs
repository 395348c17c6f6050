using Emqx.Broker.Hooks;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>Chains whose links answer at once, later, or never.</summary>
public sealed class HookChainTests
{
    private sealed class Case
    {
        public List<string> Asked { get; } = [];
    }

    private readonly ManualClock _clock = new();
    private readonly HookChain<Case> _chain;
    private readonly Case _case = new();

    public HookChainTests() => _chain = new HookChain<Case>("test", NullLogger.Instance, _clock);

    private TaskCompletionSource<HookResult> AddWaiting(string name, int priority = 0)
    {
        var answer = new TaskCompletionSource<HookResult>();
        _chain.Add((asked, _) =>
        {
            asked.Asked.Add(name);
            return new(answer.Task);
        }, (HookPriority)priority);
        return answer;
    }

    private void AddPlain(string name, HookResult result = HookResult.Continue, int priority = 0) => _chain.Add(asked =>
    {
        asked.Asked.Add(name);
        return result;
    }, (HookPriority)priority);

    [Fact]
    public void Links_that_answer_at_once_are_run_at_once_in_order_of_priority()
    {
        AddPlain("last", priority: -1);
        AddPlain("first", priority: 1);
        _chain.Add(async (asked, _) =>
        {
            asked.Asked.Add("second");
            return await Task.FromResult(HookResult.Continue);
        });
        var run = _chain.RunAsync(_case);
        Assert.True(run.IsCompletedSuccessfully);
        Assert.Equal(["first", "second", "last"], _case.Asked);
    }

    [Fact]
    public async Task What_does_not_concern_a_link_passes_it_before_and_behind_a_wait()
    {
        var never = new TaskCompletionSource<HookResult>();
        foreach (var priority in (int[])[2, 0])
            _chain.Add((_, _) => new(never.Task), static _ => false, (HookPriority)priority);
        AddPlain("first", priority: 3);
        var passed = _chain.RunAsync(_case);
        Assert.True(passed.IsCompletedSuccessfully);

        var answer = AddWaiting("waiting", 1);
        var run = _chain.RunAsync(_case).AsTask();
        answer.SetResult(HookResult.Continue);
        Assert.True(await run);
        Assert.Equal(["first", "first", "waiting"], _case.Asked);
    }

    [Fact]
    public async Task What_follows_a_link_that_waits_is_asked_after_its_answer()
    {
        var answer = AddWaiting("waiting", 1);
        AddPlain("next");
        var run = _chain.RunAsync(_case).AsTask();
        Assert.Equal(["waiting"], _case.Asked);
        Assert.False(run.IsCompleted);
        answer.SetResult(HookResult.Continue);
        Assert.True(await run);
        Assert.Equal(["waiting", "next"], _case.Asked);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_link_that_stops_is_the_last_one(bool waits)
    {
        var answer = AddWaiting("waiting", 1);
        if (!waits)
            answer.SetResult(HookResult.Stop);
        AddPlain("next");
        var run = _chain.RunAsync(_case);
        if (waits)
            answer.SetResult(HookResult.Stop);
        Assert.True(await run);
        Assert.Equal(["waiting"], _case.Asked);
    }

    [Theory, InlineData("at once"), InlineData("in its task"), InlineData("later")]
    public async Task A_link_that_throws_is_passed_over(string when)
    {
        var answer = new TaskCompletionSource<HookResult>();
        _chain.Add((_, _) => when switch
        {
            "at once" => throw new InvalidDataException("no"),
            "in its task" => ValueTask.FromException<HookResult>(new InvalidDataException("no")),
            _ => new(answer.Task),
        }, (HookPriority)1);
        AddPlain("next");
        var run = _chain.RunAsync(_case);
        answer.TrySetException(new InvalidDataException("no"));
        Assert.True(await run);
        Assert.Equal(["next"], _case.Asked);
    }

    [Fact]
    public async Task A_link_that_throws_behind_one_that_waits_is_passed_over()
    {
        var answer = AddWaiting("waiting", 2);
        _chain.Add((PlainHookLink<Case>)(_ => throw new InvalidDataException("no")), (HookPriority)1);
        AddPlain("next");
        var run = _chain.RunAsync(_case);
        answer.SetResult(HookResult.Continue);
        Assert.True(await run);
        Assert.Equal(["waiting", "next"], _case.Asked);
    }

    [Fact]
    public async Task All_links_together_have_the_chain_s_timeout()
    {
        var first = AddWaiting("first", 1);
        AddWaiting("second");
        AddPlain("never", priority: -1);
        var run = _chain.RunAsync(_case).AsTask();
        _clock.Advance(_chain.Timeout / 2);
        first.SetResult(HookResult.Continue);
        await Eventually.TrueAsync(() => _case.Asked.Count == 2, "the second link is asked");
        Assert.False(run.IsCompleted);
        _clock.Advance(_chain.Timeout / 2);
        Assert.False(await run);
        Assert.Equal(["first", "second"], _case.Asked);
    }

    [Fact]
    public async Task A_link_is_told_when_it_is_given_up()
    {
        var told = new TaskCompletionSource<HookResult>();
        _chain.Add((_, cancellation) =>
        {
            cancellation.Register(() => told.SetCanceled(cancellation));
            return new(told.Task);
        });
        using var caller = new CancellationTokenSource();
        var run = _chain.RunAsync(_case, caller.Token);
        await caller.CancelAsync();
        Assert.False(await run);
        Assert.True(told.Task.IsCanceled);
    }

    [Fact]
    public async Task What_waited_does_not_go_on_on_top_of_who_answered()
    {
        var answer = AddWaiting("waiting");
        var wentOnHere = true;
        var thread = 0;
        var run = Then(_chain.RunAsync(_case));
        thread = Environment.CurrentManagedThreadId;
        await AnswerOnAThreadOfItsOwnAsync(answer, () => thread = Environment.CurrentManagedThreadId);
        await run;
        Assert.False(wentOnHere);

        async Task Then(ValueTask<bool> chain)
        {
            await chain.ConfigureAwait(false);
            wentOnHere = Environment.CurrentManagedThreadId == thread || !Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    private static Task AnswerOnAThreadOfItsOwnAsync(TaskCompletionSource<HookResult> answer, Action begin) => Task.Factory.StartNew(() =>
    {
        begin();
        answer.SetResult(HookResult.Continue);
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [Fact]
    public void A_run_without_a_wait_allocates_nothing()
    {
        _chain.Add(static _ => HookResult.Continue);
        _chain.Add(static (_, _) => new(HookResult.Continue));
        Assert.True(RunManyAtOnce(100));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var done = RunManyAtOnce(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(done);
    }

    private bool RunManyAtOnce(int times)
    {
        var done = true;
        for (var i = 0; i < times; i++)
        {
            var run = _chain.RunAsync(_case);
            done &= run.IsCompletedSuccessfully;
        }

        return done;
    }
}
