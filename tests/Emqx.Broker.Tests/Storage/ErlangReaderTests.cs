using Emqx.Broker.Storage.Backups.Mnesia;
using Xunit;

namespace Emqx.Broker.Tests.Storage;

/// <summary>Erlang's terms are read as they are written, and nothing else is.</summary>
public sealed class ErlangReaderTests
{
    [Fact]
    public void Terms_are_read()
    {
        var tuple = Assert.IsType<ErlangTerm.Tuple>(Read(104, 5, 97, 7, 98, 255, 255, 255, 254, 119, 2, (byte)'o', (byte)'k', 109, 0, 0, 0, 1, (byte)'x', 106));
        Assert.Equal(new ErlangTerm.Integer(7), tuple.Items[0]);
        Assert.Equal(new ErlangTerm.Integer(-2), tuple.Items[1]);
        Assert.Equal(new ErlangTerm.Atom("ok"), tuple.Items[2]);
        Assert.Equal("x", tuple.Items[3].Text);
        Assert.Empty(Assert.IsType<ErlangTerm.List>(tuple.Items[4]).Items);
    }

    [Fact]
    public void Large_numbers_lists_and_maps_are_read()
    {
        Assert.Equal(new ErlangTerm.Integer(4_294_967_296), Read(110, 5, 0, 0, 0, 0, 0, 1));
        Assert.Equal(new ErlangTerm.Integer(-1), Read(110, 1, 1, 1));
        Assert.IsType<ErlangTerm.Other>(Read(110, 9, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        Assert.Equal([new ErlangTerm.Integer(1), new ErlangTerm.Integer(2)], Assert.IsType<ErlangTerm.List>(Read(107, 0, 2, 1, 2)).Items);
        Assert.Equal([new ErlangTerm.Integer(1)], Assert.IsType<ErlangTerm.List>(Read(108, 0, 0, 0, 1, 97, 1, 106)).Items);
        Assert.Equal(new ErlangTerm.Integer(3), Assert.IsType<ErlangTerm.Map>(Read(116, 0, 0, 0, 1, 119, 1, (byte)'a', 97, 3))["a"]);
        Assert.Equal("127.0.0.1", Read(104, 4, 97, 127, 97, 0, 97, 0, 97, 1).Address!.ToString());
        Assert.Null(Read(104, 4, 97, 1, 98, 0, 0, 1, 0, 97, 0, 97, 1).Address);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 97 })] // cut off
    [InlineData(new byte[] { 1 })] // no tag
    [InlineData(new byte[] { 105, 127, 255, 255, 255 })] // more items than bytes
    [InlineData(new byte[] { 109, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 109, 127, 255, 255, 255 })]
    [InlineData(new byte[] { 116, 127, 255, 255, 255 })]
    [InlineData(new byte[] { 111, 127, 255, 255, 255, 0 })]
    [InlineData(new byte[] { 80, 0, 0, 0, 1 })] // compressed
    public void What_is_none_is_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(bytes));

    [Fact]
    public void Depth_and_number_are_bounded()
    {
        Assert.Throws<InvalidDataException>(() => Read([.. Enumerable.Repeat((byte[])[104, 1], 100).SelectMany(static one => one), 106]));
        Assert.Throws<InvalidDataException>(() => Read([105, 0, 4, 0, 0, .. Enumerable.Repeat((byte)106, 262_144)]));
    }

    private static ErlangTerm Read(params byte[] bytes) => ErlangReader.Read([131, .. bytes]);
}
