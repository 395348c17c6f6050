using Emqx.Broker.Modules.Memory;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Memory;

public sealed class MemoryTrimTests : IAsyncLifetime
{
    private readonly TestHeap _heap = new();
    private readonly MemoryTrim _trim;

    public MemoryTrimTests() => _trim = new MemoryTrim(_heap);

    /// <summary>The first second has a test of its own.</summary>
    public async ValueTask InitializeAsync()
    {
        await PassAsync(1);
        _heap.Collections.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PassAsync(int seconds, long allocatedASecond = 0)
    {
        for (var i = 0; i < seconds; i++)
        {
            _heap.Allocated += allocatedASecond;
            await _trim.TickAsync(0, default);
        }
    }

    [Fact]
    public async Task What_the_start_leaves_is_collected_once_when_it_is_over()
    {
        var trim = new MemoryTrim(_heap);
        _heap.Allocated += MemoryTrim.CalmRate;
        await trim.TickAsync(0, default);
        Assert.Empty(_heap.Collections);
        for (var i = 0; i < 100; i++)
            await trim.TickAsync(0, default);
        Assert.Equal([true], _heap.Collections);
    }

    [Fact]
    public async Task Nothing_is_collected_while_little_happens()
    {
        await PassAsync(1000);
        Assert.Empty(_heap.Collections);
    }

    [Fact]
    public async Task Nothing_is_collected_while_a_burst_goes_on()
    {
        await PassAsync(1000, 100 << 20);
        Assert.Empty(_heap.Collections);
    }

    [Fact]
    public async Task A_burst_that_is_over_is_followed_by_a_trim_and_by_later_ones_for_what_was_kept_for_reuse()
    {
        await PassAsync(1, 1000 << 20);
        await PassAsync(MemoryTrim.CalmSeconds);
        Assert.Equal([true], _heap.Collections);
        await PassAsync(1000);
        Assert.Equal(MemoryTrim.Rounds, _heap.Collections.Count);
    }

    [Fact]
    public async Task Slow_traffic_is_swept_up_after_without_a_stop()
    {
        await PassAsync(600, 1 << 20);
        Assert.Equal([false], _heap.Collections);
    }

    [Fact]
    public async Task A_large_heap_is_swept_beside_the_work_first_and_trimmed_if_little_of_it_is_alive()
    {
        _heap.Live = MemoryTrim.MostAtOnce;
        await PassAsync(1, 1000 << 20);
        await PassAsync(MemoryTrim.CalmSeconds);
        Assert.Equal([false], _heap.Collections);
        _heap.Live = 1;
        await PassAsync(MemoryTrim.AfterSweep);
        Assert.Equal([false, true], _heap.Collections);
    }
}
