using Emqx.Broker.Access.Redis;
using Xunit;

namespace Emqx.Broker.Tests.Access.Redis;

/// <summary>Commands as they are typed at redis-cli.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  HGET\tkey  field\n", "HGET|key|field")]
    [InlineData("HGET \"a b\" 'c d'", "HGET|a b|c d")]
    [InlineData("HGET pre\"a b\" pre'c'", "HGET|prea b|prec")]
    [InlineData("HGET \"\\n\\x41\\\"\\\\\\q\\xzz\" 'it\\'s \\n'", "HGET|\nA\"\\qxzz|it's \\n")]
    [InlineData("HGET \"\" ''", "HGET||")]
    [InlineData("HGET mqtt:${username}", "HGET|mqtt:${username}")]
    public void A_line_is_split_into_words(string line, string words)
    {
        var split = CommandLine.Split(line, out var problem);
        Assert.Null(problem);
        Assert.Equal(words, string.Join('|', split!));
    }

    [Theory]
    [InlineData("HGET \"a", "unterminated_quote")]
    [InlineData("HGET \"a\\", "unterminated_quote")]
    [InlineData("HGET 'a", "unterminated_single_quote")]
    [InlineData("HGET \"a\"b", "trailing_after_quote")]
    [InlineData("HGET 'a'b", "trailing_after_single_quote")]
    public void Wrong_quotes_are_told(string line, string told)
    {
        Assert.Null(CommandLine.Split(line, out var problem));
        Assert.Equal(told, problem);
    }

    [Fact]
    public void A_character_is_a_byte()
    {
        var words = CommandLine.Split("ä \"\\xff\"", out _)!;
        Assert.Equal(["\u00c3\u00a4", "\u00ff"], words);
    }
}
