using Emqx.Rules.Expressions;
using Xunit;

namespace Emqx.Broker.Tests.Expressions;

/// <summary>Expressions over named variables.</summary>
public sealed class VariformTests
{
    private static string? Evaluate(string text)
    {
        Assert.True(Variform.TryParse(text, out var expression, out var error), error);
        return expression.Evaluate(name => name switch
        {
            "username" => "bob",
            "clientid" => "dev-42-x",
            "user_property.region" => "eu",
            "empty" => "",
            _ => null,
        });
    }

    [Theory]
    [InlineData("username", "bob")]
    [InlineData("user_property.region", "eu")]
    [InlineData("concat([username, '-', clientid])", "bob-dev-42-x")]
    [InlineData("concat(username, \"!\")", "bob!")]
    [InlineData("nth(2, tokens(clientid, '-'))", "42")]
    [InlineData("nth(9, tokens(clientid, '-'))", "")]
    [InlineData("nth(1, regex_extract(clientid, 'dev-([0-9]+)'))", "42")]
    [InlineData("coalesce([nothing, empty, username])", "bob")]
    [InlineData("coalesce(nothing, 'none')", "none")]
    [InlineData("coalesce(tokens('a,b', ','))", "a")]
    [InlineData("iif(regex_match(clientid, '^dev'), 'device', 'other')", "device")]
    [InlineData("iif(nothing, 'yes', 'no')", "no")]
    [InlineData("is_empty(nothing)", "true")]
    [InlineData("upper(substr(clientid, 0, 3))", "DEV")]
    [InlineData("rm_prefix(clientid, 'dev-')", "42-x")]
    [InlineData("replace(clientid, '-', '/')", "dev/42/x")]
    [InlineData("regex_replace(clientid, '([a-z]+)-', '\\1+')", "dev+42-x")]
    [InlineData("hash(md5, username)", null)]
    [InlineData("hash('md5', username)", "9f9d51bc70ef21ca5c14f307980a29d8")]
    [InlineData("hash('sha1', username)", "48181acd22b3edaebc8a447868a7df7ce629920a")]
    [InlineData("hash_to_range('a', 1, 1)", "1")]
    [InlineData("map_to_range('a', 0, 9)", "7")]
    [InlineData("join_to_string('-', ['a', 1, 2.5, true])", "a-1-2.5-true")]
    [InlineData("sprintf_s('~s/~p', ['a', 7])", "a/7")]
    [InlineData("pad('7', 3, 'leading', '0')", "007")]
    [InlineData("num_lt(1, 2)", "true")]
    [InlineData("str_comp('a', 'b')", "lt")]
    [InlineData("base64_encode('ab')", "YWI=")]
    [InlineData("bin2hexstr('ab')", "6162")]
    [InlineData("strlen('äö')", "2")]
    [InlineData("split('a,,b', ',')", null)]
    [InlineData("empty", "")]
    [InlineData("nothing", null)]
    [InlineData("nosuchfunction(username)", null)]
    [InlineData("nth(0, ['a'])", null)]
    [InlineData("regex_match(username, '(')", null)]
    [InlineData("true", "true")]
    public void An_expression_has_a_value_or_fails(string text, string? value) => Assert.Equal(value, Evaluate(text));

    [Theory]
    [InlineData("")]
    [InlineData("'constant'")]
    [InlineData("5")]
    [InlineData("[username]")]
    [InlineData("concat([username")]
    [InlineData("concat(username,)")]
    [InlineData("username clientid")]
    [InlineData("f('open)")]
    [InlineData("${username}")]
    public void Other_texts_are_syntax_errors(string text)
    {
        Assert.False(Variform.TryParse(text, out _, out var error));
        Assert.StartsWith("syntax error before: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash() =>
        Assert.False(Variform.TryParse(string.Concat(Enumerable.Repeat("f(", 100_000)), out _, out _));
}
