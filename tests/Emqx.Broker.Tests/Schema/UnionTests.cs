using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Xunit;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Schema;

/// <summary>Unions whose members are told apart by fields of the value.</summary>
public sealed class UnionTests
{
    private static readonly UnionKind s_byType = Union("type",
        ("one", Struct(Required("type", Enum("one")), Field("size", Positive, 1))),
        ("two", Struct(Required("type", Enum("two")), Required("secret", Text) with { Secret = true })));

    private static readonly UnionKind s_byTwo = new(["mechanism", "backend"],
    [
        ("password:file", Struct(Required("mechanism", Text), Required("backend", Text))),
        ("token", Struct(Required("mechanism", Text))),
    ], null);

    [Theory]
    [InlineData("""{"type":"one"}""", """{"type":"one","size":1}""")]
    [InlineData("""{"type":"one","size":0}""", """{"value":0,"reason":{"expected":"pos_integer()"},"path":"root.size","kind":"validation_error"}""")]
    [InlineData("""{"type":"two","size":0,"secret":"s"}""", """{"unmatched":"none","unknown":"size","reason":"unknown_fields","path":"root","kind":"validation_error"}""")]
    [InlineData("""{"size":1}""", """{"reason":"required_field","path":"root.type","kind":"validation_error"}""")]
    [InlineData("""{"type":"three"}""", """{"value":"three","reason":"not_a_enum_symbol","path":"root.type","kind":"validation_error"}""")]
    [InlineData("5", """{"value":5,"reason":"not_a_struct","path":"root","kind":"validation_error"}""")]
    public void The_member_that_the_field_names_checks_the_value(string given, string told) => Assert.Equal(told, Check(s_byType, given));

    [Theory]
    [InlineData("""{"mechanism":"password","backend":"file"}""", """{"mechanism":"password","backend":"file"}""")]
    [InlineData("""{"mechanism":"token"}""", """{"mechanism":"token"}""")]
    [InlineData("""{"mechanism":"password"}""", """{"reason":"required_field","path":"root.backend","kind":"validation_error"}""")]
    [InlineData("""{"mechanism":"password","backend":"x"}""", """{"value":"x","reason":"not_a_enum_symbol","path":"root.backend","kind":"validation_error"}""")]
    public void Two_fields_may_name_a_member(string given, string told) => Assert.Equal(told, Check(s_byTwo, given));

    [Fact]
    public void Secrets_of_another_member_are_not_taken_over()
    {
        var present = ConfigJson.Parse("""{"type":"two","secret":"s"}""");
        Assert.Equal("""{"type":"two","secret":"******"}""", s_byType.Shown(present).ToString());
        Assert.Equal("""{"type":"two","secret":"s"}""", s_byType.Unmasked(s_byType.Shown(present), present).ToString());
        Assert.Equal("""{"type":"two"}""", s_byType.Unmasked(s_byType.Shown(present), ConfigJson.Parse("""{"type":"one"}""")).ToString());
    }

    private static string Check(UnionKind kind, string json)
    {
        List<Violation> violations = [];
        return kind.Check(ConfigJson.Parse(json), "root", violations)?.ToString() ?? Violation.ToJson(violations);
    }
}
