using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Schema;

/// <summary>The HOCON of EMQX's files.</summary>
public sealed class HoconTests
{
    private static string Read(string text) => HoconParser.Parse(text).ToString();

    [Theory]
    [InlineData("a = 1", """{"a":1}""")]
    [InlineData("a : 1.5, b : x", """{"a":1.5,"b":"x"}""")]
    [InlineData("{ a = true }", """{"a":true}""")]
    [InlineData("a { b { c = 15s } }", """{"a":{"b":{"c":"15s"}}}""")]
    [InlineData("a.b.c = 1\na.b.d = 2", """{"a":{"b":{"c":1,"d":2}}}""")]
    [InlineData("a { b = 1 }\na { c = 2 }", """{"a":{"b":1,"c":2}}""")]
    [InlineData("a = 1\na = 2", """{"a":2}""")]
    [InlineData("a = [1, 2\n3]", """{"a":[1,2,3]}""")]
    [InlineData("a = [{b = 1}, {b = 2},]", """{"a":[{"b":1},{"b":2}]}""")]
    [InlineData("# comment\na = 1 # more\n// again\nb = 2", """{"a":1,"b":2}""")]
    [InlineData("a = \"x # y\\n\\u0041\"", """{"a":"x # y\nA"}""")]
    [InlineData("rules.\"x y\".sql = \"S\"", """{"rules":{"x y":{"sql":"S"}}}""")]
    [InlineData("a = 1MB, b = 80%, c = emqx@127.0.0.1", """{"a":"1MB","b":"80%","c":"emqx@127.0.0.1"}""")]
    [InlineData("a = null", """{"a":null}""")]
    [InlineData("a = x\nb = ${a}", """{"a":"x","b":"x"}""")]
    [InlineData("a = x\nb = ${a}\"/y\"", """{"a":"x","b":"x/y"}""")]
    [InlineData("a = ${?nothing}\nb = 1", """{"b":1}""")]
    [InlineData("a = foo bar", """{"a":"foo bar"}""")]
    [InlineData("", "{}")]
    public void Text_becomes_a_tree(string text, string json) => Assert.Equal(json, Read(text));

    [Fact]
    public void Triple_quotes_take_lines_as_they_are() =>
        Assert.Equal("SELECT *\n  FROM \"t\"", ((ConfigText)HoconParser.Parse("a = \"\"\"SELECT *\n  FROM \"t\"\"\"\"")["a"]!).Text);

    [Fact]
    public void A_tilde_after_triple_quotes_takes_the_indentation_off() =>
        Assert.Equal("SELECT *\n  FROM t\n", ((ConfigText)HoconParser.Parse("a = \"\"\"~\n    SELECT *\n      FROM t\n    ~\"\"\"")["a"]!).Text);

    [Theory]
    [InlineData("not an object", 1, "parse_error")]
    [InlineData("a = 1\nb = {\n", 3, "parse_error")]
    [InlineData("a = 1\n\nb = }", 3, "parse_error")]
    [InlineData("a=测试", 1, "scan_error")]
    [InlineData("a = \"x", 1, "scan_error")]
    [InlineData("a = 1\nb = ${nothing}", 2, "resolve_error")]
    [InlineData("a = [1, 2", 1, "parse_error")]
    [InlineData("= 1", 1, "parse_error")]
    [InlineData("a = \"tlsv1\"\"\"3e-01", 1, "parse_error")]
    [InlineData("a = 1 2", 1, "parse_error")]
    public void An_error_tells_the_line(string text, int line, string type)
    {
        var error = Assert.Throws<HoconException>(() => HoconParser.Parse(text));
        Assert.Equal(line, error.Line);
        Assert.Equal(type, error.Type);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash() =>
        Assert.Throws<HoconException>(() => HoconParser.Parse("a = " + new string('[', 100_000)));

    [Theory]
    [InlineData("77", "77")]
    [InlineData("true", "true")]
    [InlineData("""["log"]""", """["log"]""")]
    [InlineData("""{bind="127.0.0.1:21888",max_connections=5}""", """{"bind":"127.0.0.1:21888","max_connections":5}""")]
    [InlineData("91%", "\"91%\"")]
    [InlineData("hello", "\"hello\"")]
    [InlineData("hello world", "\"hello world\"")]
    [InlineData("127.0.0.1:1883", "\"127.0.0.1:1883\"")]
    [InlineData("pa#ss", "\"pa#ss\"")]
    [InlineData("/a/b", "\"/a/b\"")]
    [InlineData("${EMQX_ETC_DIR}/x", "\"${EMQX_ETC_DIR}/x\"")]
    [InlineData("\"q\"", "\"q\"")]
    [InlineData("{bind=", "\"{bind=\"")]
    [InlineData("", "\"\"")]
    public void A_variable_holds_hocon_or_plain_text(string text, string json) => Assert.Equal(json, HoconParser.ParseValue(text).ToString());

    [Fact]
    public void What_is_written_can_be_read_again()
    {
        var tree = HoconParser.Parse("""
            b { empty {}, list = [log, publish], nested = [{id = 1, topic = "t/a"}], none = [], specs = [[1, 2], [3]] }
            a { text = "24h", word = infinity, quoted = "a\"b\\c\nd", "odd key" = 1, number = 1.5, yes = true }
            """);
        var text = HoconWriter.Write(tree);
        Assert.StartsWith("a {\n  number = 1.5\n  \"odd key\" = 1\n  quoted = \"a\\\"b\\\\c\\nd\"\n  text = \"24h\"\n  word = infinity\n", text, StringComparison.Ordinal);
        Assert.Equal<ConfigValue>(tree, HoconParser.Parse(text));
    }
}
