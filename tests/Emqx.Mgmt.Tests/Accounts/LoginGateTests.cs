using System.Net;
using Emqx.Mgmt.Accounts;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Mgmt.Tests.Accounts;

/// <summary>Who may try passwords, and who is next.</summary>
public sealed class LoginGateTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::c000:201", "192.0.2.1", false)]
    public void An_origin_is_an_IPv4_address_or_a_64th_of_IPv6(string one, string other, bool same) =>
        Assert.Equal(same, LoginOrigin.Of(IPAddress.Parse(one)) == LoginOrigin.Of(IPAddress.Parse(other)));

    [Fact]
    public void A_full_table_forgets_those_who_were_wrong_least()
    {
        var gate = new LoginGate(_clock);
        var guesser = Origin(0);
        Fail(gate, guesser, 120);
        for (uint i = 1; i <= 20_000; i++)
            gate.NoteFailure(Origin(i));
        Assert.True(gate.WaitOf(guesser) > TimeSpan.Zero);
        Assert.Equal(1, gate.FailuresOf(Origin(20_000)));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), gate.WaitOf(guesser));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, gate.WaitOf(guesser));
    }

    [Fact]
    public void The_minute_is_one_of_time_that_passes_whatever_the_clock_on_the_wall_says()
    {
        var gate = new LoginGate(_clock);
        Fail(gate, Origin(1), 119);
        Assert.Equal(TimeSpan.Zero, gate.WaitOf(Origin(1)));
        Fail(gate, Origin(1), 1);
        Assert.Equal(TimeSpan.FromMinutes(1), gate.WaitOf(Origin(1)));
    }

    [Fact]
    public void Of_one_origin_four_may_wait()
    {
        var queue = new HashQueue<string>();
        for (var i = 0; i < 4; i++)
            Assert.True(queue.TryAdd(new(Origin(1), 0), $"{i}", out _));
        Assert.False(queue.TryAdd(new(Origin(1), 0), "more", out _));
        Assert.True(queue.TryAdd(new(Origin(2), 0), "other", out _));
    }

    [Fact]
    public void Who_was_wrong_least_goes_first_and_the_node_before_all()
    {
        var queue = new HashQueue<string>();
        queue.TryAdd(new(Origin(1), 7), "guesser", out _);
        queue.TryAdd(new(Origin(2), 0), "owner", out _);
        queue.TryAdd(new(Origin(3), 0), "second", out _);
        queue.TryAdd(default, "node", out _);
        queue.TryAdd(new(Origin(4), 1), "once wrong", out _);
        Assert.Equal(["node", "owner", "second", "once wrong", "guesser"], Enumerable.Range(0, 5).Select(_ => queue.Take()));
    }

    [Fact]
    public void In_a_full_queue_an_owner_takes_the_place_of_a_guesser_and_a_guesser_nobodys()
    {
        var queue = new HashQueue<string>();
        for (uint i = 0; i < HashQueue<string>.Most; i++)
            Assert.True(queue.TryAdd(new(Origin(i), 3), $"{i}", out _));
        Assert.False(queue.TryAdd(new(Origin(1000), 3), "late", out _));
        Assert.True(queue.TryAdd(new(Origin(1001), 0), "owner", out var displaced));
        Assert.Equal("255", displaced);
        Assert.Equal("owner", queue.Take());
    }

    private static void Fail(LoginGate gate, LoginOrigin origin, int times)
    {
        for (var i = 0; i < times; i++)
            gate.NoteFailure(origin);
    }

    private static LoginOrigin Origin(uint number) => new(number, IsWide: false);
}
