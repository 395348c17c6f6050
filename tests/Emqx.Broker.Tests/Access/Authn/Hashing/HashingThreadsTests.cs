using Emqx.Broker.Access.Authn.Hashing;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Hashing;

/// <summary>Threads for slow hashes.</summary>
public sealed class HashingThreadsTests
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_is_done_on_threads_of_their_own()
    {
        using var threads = new HashingThreads(1);
        Assert.Equal("hashing", await threads.RunAsync(static () => Thread.CurrentThread.Name, None).WaitAsync(Patience.Long, None));
        Assert.True(await threads.TryCompare(static () => true, None)!.WaitAsync(Patience.Long, None));
        await Assert.ThrowsAsync<FormatException>(() => threads.RunAsync<int>(static () => throw new FormatException(), None).WaitAsync(Patience.Long, None));
    }

    [Fact]
    public async Task Clients_wait_in_bounds_and_others_take_turns_with_them()
    {
        using var threads = new HashingThreads(1);
        using var gate = new ManualResetEventSlim();
        var holding = await HoldAsync(threads, gate);
        var done = new List<string>();
        var clients = Enumerable.Range(0, HashingThreads.MostClients).Select(_ => threads.TryCompare(() => Add("client"), None)).ToArray();
        Assert.All(clients, Assert.NotNull);
        Assert.Null(threads.TryCompare(static () => true, None));
        var other = threads.RunAsync(() => Add("other"), None);
        gate.Set();
        Assert.True(await holding);
        await other.WaitAsync(Patience.Long, None);
        await Task.WhenAll(clients!).WaitAsync(Patience.Long, None);
        Assert.InRange(done.IndexOf("other"), 0, 2);

        bool Add(string name)
        {
            done.Add(name); // one thread
            return true;
        }
    }

    [Fact]
    public async Task Who_does_not_wait_any_more_is_passed_over()
    {
        using var threads = new HashingThreads(1);
        using var gate = new ManualResetEventSlim();
        using var leaving = new CancellationTokenSource();
        var holding = await HoldAsync(threads, gate);
        var isDone = false;
        var left = threads.TryCompare(() => isDone = true, leaving.Token)!;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.Set();
        Assert.True(await holding);
        await threads.RunAsync(static () => 0, None).WaitAsync(Patience.Long, None);
        Assert.False(isDone);
    }

    [Fact]
    public async Task The_end_leaves_nobody_waiting()
    {
        var threads = new HashingThreads(1);
        using var gate = new ManualResetEventSlim();
        var holding = await HoldAsync(threads, gate);
        var waiting = threads.TryCompare(static () => true, None)!;
        threads.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Null(threads.TryCompare(static () => true, None));
        gate.Set();
        await holding;
    }

    /// <summary>Takes the only thread until the gate opens.</summary>
    private static async Task<Task<bool>> HoldAsync(HashingThreads threads, ManualResetEventSlim gate)
    {
        var isHeld = false;
        var holding = threads.RunAsync(() =>
        {
            Volatile.Write(ref isHeld, true);
            return gate.Wait(Patience.Long);
        }, None);
        await Eventually.TrueAsync(() => Volatile.Read(ref isHeld), "the thread is taken");
        return holding;
    }
}
