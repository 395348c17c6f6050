using Emqx.Broker.Access;
using Xunit;

namespace Emqx.Broker.Tests.Access;

/// <summary>The decisions that a connection remembers.</summary>
public sealed class AuthorizationCacheTests
{
    private static readonly AuthorizationAccess s_access = new(IsPublish: true, Qos: 1, Retain: false, "t");
    private readonly AuthorizationCache _cache = new();

    [Fact]
    public void Decisions_are_remembered_up_to_a_number_and_a_time()
    {
        Put("t", 1000, size: 2, isAllowed: false);
        Put("t", 1500, size: 2);
        Assert.True(_cache.TryGet(s_access, At(2000), out var isAllowed) && isAllowed);
        Assert.False(_cache.TryGet(s_access, At(2500), out _));
        Assert.Single(_cache.Read(At(2000)));
        Put("u", 2000, size: 2);
        Put("v", 2000, size: 2);
        Assert.Equal("u v", Topics(2000));
        _cache.Clear();
        Assert.Empty(_cache.Read(At(2000)));
    }

    [Fact]
    public void An_action_a_level_of_QoS_and_retaining_are_decisions_of_their_own()
    {
        Put("t", 0);
        Assert.False(_cache.TryGet(s_access with { IsPublish = false }, At(0), out _));
        Assert.False(_cache.TryGet(s_access with { Qos = 0 }, At(0), out _));
        Assert.False(_cache.TryGet(s_access with { Retain = true }, At(0), out _));
        Assert.True(_cache.TryGet(s_access, At(0), out _));
    }

    [Fact]
    public void Of_more_than_a_few_the_oldest_goes_too_and_each_is_found()
    {
        for (var i = 0; i < 1000; i++)
            Put($"t/{i}", i, size: 500, isAllowed: i % 2 == 0);
        Put("t/600", 1000, size: 500);
        Assert.Equal(500, _cache.Read(At(1000)).Length);
        Assert.False(_cache.TryGet(s_access with { Topic = "t/499" }, At(1000), out _));
        Assert.True(_cache.TryGet(s_access with { Topic = "t/500" }, At(1000), out var even) && even);
        Assert.True(_cache.TryGet(s_access with { Topic = "t/999" }, At(1000), out var odd) && !odd);
        Assert.EndsWith("t/999 t/600", Topics(1000), StringComparison.Ordinal);
        Put("t/600", 1000, size: 2);
        Assert.Equal("t/999 t/600", Topics(1000));
    }

    [Fact]
    public void Long_topics_take_the_place_of_older_ones_before_the_number_is_reached()
    {
        for (var i = 0; i < 100; i++)
            Put(i + new string('x', 60_000), 0, size: 1000);
        Assert.InRange(_cache.Read(At(0)).Length, 20, 60);
    }

    [Fact]
    public void What_was_decided_before_all_were_drained_is_forgotten_also_where_it_comes_later()
    {
        Put("t", 0);
        Assert.False(_cache.TryGet(s_access, At(0, generation: 1), out _));
        Put("t", 0);
        Assert.Empty(_cache.Read(At(0, generation: 1)));
        _cache.Put(s_access, isAllowed: true, At(0, generation: 1));
        Assert.True(_cache.TryGet(s_access, At(0, generation: 1), out _));
    }

    private static AuthorizationCacheTerms At(long now, int size = 32, int generation = 0) => new(now, Ttl: 1000, size, generation);

    private void Put(string topic, long now, int size = 32, bool isAllowed = true) => _cache.Put(s_access with { Topic = topic }, isAllowed, At(now, size));

    private string Topics(long now) => string.Join(' ', _cache.Read(At(now)).Select(static entry => entry.Access.Topic));
}
