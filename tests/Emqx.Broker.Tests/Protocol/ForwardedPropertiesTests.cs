using Emqx.Broker.Protocol;
using Xunit;

namespace Emqx.Broker.Tests.Protocol;

/// <summary>Properties of messages that come from files: a receiver must be able to read them.</summary>
public sealed class ForwardedPropertiesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0101")]
    [InlineData("0300047465787408000161")]
    [InlineData("090002FF00260001610001622600016100000100")]
    public void What_a_packet_may_have_is_sound(string hex) => Assert.True(ForwardedProperties.AreSound(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("01", "cut off")]
    [InlineData("0102", "no such indicator")]
    [InlineData("01000100", "twice")]
    [InlineData("0300", "no length")]
    [InlineData("03000561", "longer than all")]
    [InlineData("030001FF", "no UTF-8")]
    [InlineData("03000100", "a NUL")]
    [InlineData("26000161", "half a pair")]
    [InlineData("0200000001", "an expiry, which is kept elsewhere")]
    [InlineData("230001", "a topic alias")]
    [InlineData("7F", "unknown")]
    [InlineData("FF", "unknown")]
    public void Anything_else_is_not(string hex, string why) => Assert.False(ForwardedProperties.AreSound(Convert.FromHexString(hex)), why);
}
