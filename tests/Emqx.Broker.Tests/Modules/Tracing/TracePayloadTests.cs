using System.Text;
using Emqx.Broker.Modules.Tracing;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>Payloads in traces: text, digits or neither, and never much of them.</summary>
public sealed class TracePayloadTests
{
    private static (string Text, string Encode) Write(byte[] payload, string encode)
    {
        Assert.True(TraceWords.TryParse<PayloadEncode>(encode, out var chosen));
        var text = TracePayload.Write(payload, ref chosen);
        return (text, chosen.Word());
    }

    [Theory]
    [InlineData("text", "grün", "grün", "text")]
    [InlineData("hex", "ab", "6162", "hex")]
    [InlineData("hidden", "ab", "******", "hidden")]
    [InlineData("text", "", "", "text")]
    public void It_is_written_as_was_chosen(string encode, string payload, string written, string as_)
    {
        var (text, chosen) = Write(Encoding.UTF8.GetBytes(payload), encode);
        Assert.Equal((written, as_), (text, chosen));
    }

    [Fact]
    public void What_is_no_text_is_written_in_digits() => Assert.Equal(("FF00", "hex"), Write([0xFF, 0], "text"));

    [Theory]
    [InlineData("text")]
    [InlineData("hex")]
    public void Of_a_long_one_the_beginning_is_written(string encode)
    {
        Assert.Equal(encode == "text" ? 1024 : 2048, Write(new byte[1024].Select(_ => (byte)'a').ToArray(), encode).Text.Length);
        var (text, _) = Write(new byte[1025].Select(_ => (byte)'a').ToArray(), encode);
        Assert.EndsWith("...(925 bytes)", text, StringComparison.Ordinal);
        Assert.Equal((encode == "text" ? 100 : 200) + "...(925 bytes)".Length, text.Length);
    }

    [Fact]
    public void A_character_is_not_taken_apart()
    {
        var (text, encode) = Write(Encoding.UTF8.GetBytes(new string('a', 99) + new string('ü', 600)), "text");
        Assert.Equal((new string('a', 99) + "ü...(1198 bytes)", "text"), (text, encode));
    }
}
