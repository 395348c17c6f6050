using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Retainer;

/// <summary>Retained messages as bytes.</summary>
public sealed class PackedMessageTests
{
    [Fact]
    public void A_message_comes_back_as_it_was()
    {
        var message = new Message
        {
            Topic = "a/ü", TopicUtf8 = "a/ü"u8.ToArray(), Payload = new byte[300], Qos = 2, Retain = true, Properties = [1, 1], From = "c1", FromUsername = "ann",
            FromPeerHost = "10.0.0.1", PublishedAt = 1_700_000_000_123, ExpiresAt = 1_700_000_900_000, ExpiryIsDefault = true, IsSystem = true,
        };
        var back = RetainedMessage.Unpack(new RetainedMessage(message, 77).Packed)!;
        Assert.Equal((message.PublishedAt, 77L, "a/ü"), (back.PublishedAt, back.ExpiresAt, back.Topic));
        Assert.Equivalent(message, back.ToMessage(), strict: true);
        Assert.Equal(message.Id, back.ToMessage().Id);
    }

    [Fact]
    public void What_there_was_not_is_not_there_afterwards()
    {
        var message = Message.Create("t", "x"u8.ToArray(), "http_api", 5);
        var back = new RetainedMessage(message, 0).ToMessage();
        Assert.Equal((null, null, 0L, true), (back.FromUsername, back.FromPeerHost, back.ExpiresAt, back.Retain));
        Assert.Empty(back.Properties);
        Assert.Equal("x"u8, back.Payload.Span);
    }

    [Fact]
    public void Damaged_bytes_are_no_message_and_break_nothing()
    {
        var packed = new RetainedMessage(Message.Create("topic/a", new byte[10], "client", 5), 0).Packed;
        for (var length = 0; length < packed.Length - 10; length++)
            Assert.Null(RetainedMessage.Unpack(packed[..length]));
        var random = new Random(3);
        for (var i = 0; i < 5000; i++)
        {
            var damaged = (byte[])packed.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            RetainedMessage.Unpack(damaged)?.ToMessage();
        }
    }
}
