using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Records;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Schema;

/// <summary>Records say what a request may hold, and are made from it.</summary>
public sealed class RecordSchemaTests
{
    public enum Colour
    {
        Red,
        DarkBlue,
    }

    internal sealed record Inner(int Depth = 3);

    internal sealed record Sample(
        string Name,
        [Qos] int Qos = 0,
        [Between(1, 10)] long? Limit = null,
        Colour Colour = Colour.DarkBlue,
        bool IsOn = true,
        IReadOnlyList<string>? Words = null,
        IReadOnlyDictionary<string, string>? Pairs = null,
        Inner? Inner = null,
        [Kind(typeof(ExpiryKind))] DateTimeOffset? Until = null,
        [Kind(typeof(PositiveByteSizeKind))] long Bytes = 5,
        [property: JsonPropertyName("other")] double Number = 1.5);

    [Fact]
    public void A_record_is_made_from_what_fits()
    {
        var made = Make("""
            {"name":7,"qos":"2","limit":9,"colour":"red","is_on":"false","words":["a",1],"pairs":{"k":"v"},"inner":{"depth":"4"},
             "until":"2026-01-01T00:00:00Z","bytes":"1KB","other":"2.5"}
            """);
        Assert.Equal(("7", 2, 9L, Colour.Red, false, 1024L, 2.5), (made.Name, made.Qos, made.Limit, made.Colour, made.IsOn, made.Bytes, made.Number));
        Assert.Equal(["a", "1"], made.Words!);
        Assert.Equal("v", made.Pairs!["k"]);
        Assert.Equal(new Inner(4), made.Inner);
        Assert.Equal(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture), made.Until);
    }

    [Theory]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"name":"a","qos":null,"words":null,"until":"infinity"}""")]
    public void What_is_not_there_gets_the_parameters_default(string json) => Assert.Equal(new Sample("a"), Make(json));

    [Theory]
    [InlineData("{}", """{"reason":"required_field","path":"root.name","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","x":1,"qos":3}""", """[{"unmatched":"bytes,colour,...","unknown":"x","reason":"unknown_fields","path":"root","kind":"validation_error"},{"value":3,"reason":"Unable to parse string","path":"root.qos","kind":"validation_error"}]""")]
    [InlineData("""{"name":"a\u0000"}""", """{"value":"a\u0000","reason":{"expected":"binary()"},"path":"root.name","kind":"validation_error"}""")]
    [InlineData("""{"name":"\ud800"}""", """{"value":"?","reason":{"expected":"binary()"},"path":"root.name","kind":"validation_error"}""")]
    [InlineData("""{"name":1.0}""", """{"value":1.0,"reason":{"expected":"binary()"},"path":"root.name","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","limit":99999999999999999999}""", """{"value":99999999999999999999,"reason":{"expected":"1..10"},"path":"root.limit","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","limit":"11"}""", """{"value":11,"reason":{"expected":"1..10"},"path":"root.limit","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","limit":""}""", """{"value":[],"reason":{"expected":"1..10"},"path":"root.limit","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","limit":"77s"}""", """{"value":"77s","reason":{"expected":"1..10"},"path":"root.limit","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","colour":"Red"}""", """{"value":"Red","reason":"not_a_enum_symbol","path":"root.colour","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","words":{"0":"x"}}""", """{"bad_array_index_keys":["0"],"path":"root.words","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","words":5}""", """{"value":5,"reason":"bad_value_for_array","path":"root.words","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","words":[null]}""", """{"value":null,"reason":{"expected":"binary()"},"path":"root.words.1","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","pairs":5}""", """{"value":5,"reason":{"expected":"map()"},"path":"root.pairs","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","bytes":0}""", """{"value":0,"reason":"must be higher than 0","path":"root.bytes","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","bytes":"1Kb"}""", """{"value":"1Kb","reason":"Not a valid bytesize","path":"root.bytes","kind":"validation_error"}""")]
    [InlineData("""{"name":"a","until":"x"}""", """{"reason":"matched_no_union_member","path":"root.until","mismatches":{"infinity":{"value":"x","reason":"Expected: infinity, got:x","path":"root.until","kind":"validation_error"},"emqx_utils_calendar:epoch_second()":{"value":"x","reason":"bad_rfc3339_timestamp","path":"root.until","kind":"validation_error"}},"kind":"validation_error"}""")]
    public void What_does_not_fit_is_told_as_emqx_tells_it(string json, string told)
    {
        var at = new Inspection("root") { IsRequest = true };
        Assert.Null(RecordSchema.Of(typeof(Sample)).Kind.Check(ConfigJson.Parse(json), at));
        Assert.Equal(told, Violation.ToJson(at.Violations));
    }

    [Fact]
    public void A_pass_for_the_first_violation_ends_with_it()
    {
        var at = new Inspection("") { IsRequest = true, FirstOnly = true };
        Assert.Null(RecordSchema.Of(typeof(Sample), ofParameters: true).Kind.Check(ConfigJson.Parse("""{"x":1,"qos":3,"limit":0}"""), at));
        Assert.Equal("name", Assert.Single(at.Violations).Path);
    }

    [Fact]
    public void Numbers_do_not_pass_for_texts_where_nothing_is_converted()
    {
        var at = new Inspection("root") { IsRequest = true, TakesNumbersForTexts = false };
        Assert.Null(RecordSchema.Of(typeof(Sample)).Kind.Check(ConfigJson.Parse("""{"name":5}"""), at));
    }

    private static Sample Make(string json)
    {
        var schema = RecordSchema.Of(typeof(Sample));
        var kept = schema.Kind.Check(ConfigJson.Parse(json), new Inspection("root") { IsRequest = true });
        return Assert.IsType<Sample>(schema.Make(kept!));
    }
}
