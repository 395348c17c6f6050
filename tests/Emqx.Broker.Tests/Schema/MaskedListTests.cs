using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Xunit;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Schema;

public sealed class MaskedListTests
{
    private static readonly ValueKind s_users = ArrayOf(Struct(Required("name", Text), Required("password", Text) with { Secret = true }));
    private static readonly ConfigValue s_present = ConfigJson.Parse("""[{"name":"a","password":"pa"},{"name":"b","password":"pb"}]""");

    [Theory]
    [InlineData("""[{"name":"a","password":"******"},{"name":"b","password":"******"}]""", """[{"name":"a","password":"pa"},{"name":"b","password":"pb"}]""")]
    [InlineData("""[{"name":"b","password":"******"}]""", """[{"name":"b","password":"pb"}]""")]
    [InlineData("""[{"name":"b","password":"******"},{"name":"a","password":"new"}]""", """[{"name":"b","password":"pb"},{"name":"a","password":"new"}]""")]
    [InlineData("""[{"name":"z","password":"******"},{"name":"b","password":"******"}]""", """[{"name":"z","password":"pa"},{"name":"b","password":"pb"}]""")]
    [InlineData("""[{"name":"z","password":"******"}]""", """[{"name":"z"}]""")]
    public void What_is_sent_back_masked_stays_the_secret_of_its_own_item(string given, string kept) =>
        Assert.Equal(kept, s_users.Unmasked(ConfigJson.Parse(given), s_present).ToString());

    [Theory, InlineData(true), InlineData(false)]
    public void A_long_list_of_other_items_costs_what_it_is_long(bool haveFields)
    {
        const int count = 2000;
        var comparisons = 0;
        ConfigArray List(string name) => new([.. Enumerable.Range(0, count).Select(i =>
        {
            var value = new CountedValue($"{name}{i}", () => comparisons++);
            return haveFields ? new ConfigObject(new() { ["name"] = value }) : (ConfigValue)value;
        })]);
        var kind = ArrayOf(haveFields ? Struct(Required("name", Open)) : Open);
        Assert.Equal(count, ((ConfigArray)kind.Unmasked(List("new"), List("old"))).Items.Count);
        Assert.InRange(comparisons, 0, 4 * count);
    }

    /// <summary>A value that tells when it is compared.</summary>
    private sealed class CountedValue(string text, Action compared) : ConfigValue
    {
        public override bool Equals(ConfigValue? other)
        {
            compared();
            return other is CountedValue counted && counted.GetHashCode() == GetHashCode();
        }

        public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);
    }
}
