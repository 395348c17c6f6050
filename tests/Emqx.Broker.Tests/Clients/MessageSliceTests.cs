using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Xunit;

namespace Emqx.Broker.Tests.Clients;

/// <summary>Queued and in-flight messages as the API cuts them.</summary>
public sealed class MessageSliceTests
{
    private static QueuedMessage[] Queue(int count, int bytes = 1) =>
        [.. Enumerable.Range(1, count).Select(i => new QueuedMessage(Message.Create("t", new byte[bytes], "c", 1000), 1, i, 0))];

    private static MessageSliceQuery Query(MessagePosition? after = null, int limit = 100, long bytes = 1 << 20,
        PayloadEncoding encoding = PayloadEncoding.Base64) => new(MessageList.Mqueue, after, limit, encoding, bytes);

    [Fact]
    public void A_position_asks_for_what_follows_and_stays_at_the_end()
    {
        var all = Queue(5);
        var first = MessageSlice.Cut(all, Query(limit: 2));
        Assert.Equal((1L, 2L, 2), (first.Start!.Value.InsertedAt, first.Position!.Value.InsertedAt, first.Messages.Length));
        var last = MessageSlice.Cut(all, Query(first.Position, limit: 3));
        Assert.Equal((1L, 5L, 3), (last.Start!.Value.InsertedAt, last.Position!.Value.InsertedAt, last.Messages.Length));
        var none = MessageSlice.Cut(all, Query(last.Position));
        Assert.Equal((1L, 5L, 0), (none.Start!.Value.InsertedAt, none.Position!.Value.InsertedAt, none.Messages.Length));
    }

    [Fact]
    public void An_empty_queue_has_no_start()
    {
        Assert.Equal(new MessageSlice(default, null, null), MessageSlice.Cut([], Query()));
        var position = new MessagePosition(3, 0);
        Assert.Equal(position, MessageSlice.Cut([], Query(position)).Position);
    }

    [Fact]
    public void Payload_bytes_are_bounded_but_the_first_message_always_comes()
    {
        Assert.Equal(1, MessageSlice.Cut(Queue(5, 30), Query(bytes: 1)).Messages.Length);
        Assert.Equal(2, MessageSlice.Cut(Queue(5, 30), Query(bytes: 80)).Messages.Length);
        Assert.Equal(3, MessageSlice.Cut(Queue(5, 30), Query(bytes: 90, encoding: PayloadEncoding.Plain)).Messages.Length);
        Assert.Equal(5, MessageSlice.Cut(Queue(5, 30), Query(bytes: 1, encoding: PayloadEncoding.None)).Messages.Length);
    }

    [Fact]
    public void Higher_priorities_come_first()
    {
        Assert.True(new MessagePosition(1, 0).IsAfter(new MessagePosition(9, 5)));
        Assert.False(new MessagePosition(9, 5).IsAfter(new MessagePosition(1, 0)));
        Assert.True(new MessagePosition(9, 5).IsAfter(new MessagePosition(1, 5)));
    }

    [Theory]
    [InlineData("12_0", true, true)]
    [InlineData("12_infinity", true, true)]
    [InlineData("12", true, false)]
    [InlineData("12_", true, false)]
    [InlineData("12", false, true)]
    [InlineData("12_0", false, false)]
    [InlineData("not-valid", false, false)]
    [InlineData("", false, false)]
    public void Positions_are_read_as_they_are_written(string text, bool isMqueue, bool isGood)
    {
        var list = isMqueue ? MessageList.Mqueue : MessageList.Inflight;
        Assert.Equal(isGood, MessagePosition.TryParse(text, list, out var position));
        if (isGood)
            Assert.Equal(text, position.ToText(list));
    }
}
