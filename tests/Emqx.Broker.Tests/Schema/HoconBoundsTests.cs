using System.Diagnostics;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Schema;

/// <summary>What a HOCON text may make: so deep, so large, in time that goes with its length.</summary>
public sealed class HoconBoundsTests
{
    /// <summary>Texts of a hundred thousand levels, or of levels that multiply.</summary>
    public static TheoryData<string> Deep =>
    [
        "mqtt." + string.Join('.', Enumerable.Repeat("a", 100_000)) + " = 1",
        string.Concat(Enumerable.Repeat("\"a\"", 100_000)) + " = 1",
        string.Concat(Enumerable.Repeat("a{", 100_000)),
        string.Concat(Enumerable.Repeat("a.a.a{", 30_000)),
        "a = " + string.Concat(Enumerable.Repeat("[{a=", 30_000)),
        string.Concat(Enumerable.Repeat("[", 100_000)),
        "x.a = " + new string('[', 40) + new string(']', 40) + "\nx = " + new string('[', 40) + "${x}" + new string(']', 40),
        string.Concat(Enumerable.Range(1, 80).Select(i => $"a{i}.x = ${{?a{i - 1}}} {{}}\n")),
        "include " + string.Concat(Enumerable.Repeat("required(", 100_000)),
    ];

    [Theory]
    [MemberData(nameof(Deep))]
    public void Depth_counts_in_names_braces_and_values_together(string text) => Assert.Throws<HoconException>(() => HoconParser.Parse(text));

    [Fact]
    public void Sixty_four_levels_are_taken() =>
        Assert.Equal(1L, ((ConfigNumber)HoconParser.Parse(string.Join('.', Enumerable.Repeat("a", 64)) + " = 1").Find([.. Enumerable.Repeat("a", 64)])!).TryGetInteger(out var value) ? value : 0);

    [Theory]
    [InlineData("a0=\"aaaaaaaaaa\"\n", "${a#}", 8)]
    [InlineData("a0=[1]\n", "${a#}", 8)]
    [InlineData("a0={x=1}\n", "[${a#}]", 8)]
    [InlineData("a0={x=1}\n", "{x=${a#},y=${a#}} ", 1)]
    public void Values_that_hold_each_other_many_times_over_are_refused(string first, string reference, int times)
    {
        var text = first + string.Concat(Enumerable.Range(1, 30).Select(i =>
            $"a{i}=" + string.Concat(Enumerable.Repeat(reference.Replace("#", $"{i - 1}", StringComparison.Ordinal), times)) + "\n"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<HoconException>(() => HoconParser.Parse(text));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    /// <summary>A megabyte, in the forms of which each part once copied all that was before it.</summary>
    public static TheoryData<string, string> Long => new()
    {
        { "", "a#=1\n" },
        { "", "mqtt.a#=1\n" },
        { "", "a.b.c.d#.e=1\n" },
        { "a {\n", "b#{c=1}\n" },
        { "a = ", "x" },
        { "a = ", "\"x\" " },
        { "a = ", "[1] " },
        { "a = ", "{b#=1} " },
        { "a = [", "{b#=1}," },
        { "a = [", "{}," },
        { "a = b\n", "c#=${a}\n" },
        { "", "x=${?no}\n" },
    };

    [Theory]
    [MemberData(nameof(Long))]
    public void A_megabyte_is_read_in_time_that_goes_with_its_length(string start, string part)
    {
        var text = new System.Text.StringBuilder(start);
        for (var i = 0; text.Length < 1_000_000; i++)
            text.Append(part.Replace("#", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var clock = Stopwatch.StartNew();
        try
        {
            HoconParser.Parse(text.ToString());
        }
        catch (HoconException)
        {
            // Where it is cut off does not matter here.
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("include \"x\"")]
    [InlineData("a { include required(file(\"/etc/passwd\")) }")]
    [InlineData("include url(\"http://127.0.0.1/x\")")]
    public void Nothing_is_included_into_a_text_that_is_no_file(string text) => Assert.Throws<HoconException>(() => HoconParser.Parse(text));

    [Fact]
    public void A_name_sees_what_was_set_before_it_in_the_same_block() =>
        Assert.Equal("""{"a":{"b":1,"c":1}}""", HoconParser.Parse("a { b = 1, c = ${a.b} }").ToString());

    [Fact]
    public void An_object_follows_its_own_older_value() =>
        Assert.Equal("""{"a":{"b":1,"c":2}}""", HoconParser.Parse("a = { b = 1 }\na = ${a} { c = 2 }").ToString());

    [Fact]
    public void A_text_in_the_place_of_an_object_takes_it_away() =>
        Assert.Equal("""{"a":{"d":3}}""", HoconParser.Parse("a { b = 1 }\na = x\na { d = 3 }").ToString());
}
