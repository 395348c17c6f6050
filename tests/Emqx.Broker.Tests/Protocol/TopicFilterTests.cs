using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Xunit;

namespace Emqx.Broker.Tests.Protocol;

public class TopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", "a/b", null, false)]
    [InlineData("/", "/", "/", null, false)]
    [InlineData("#", "#", "#", null, false)]
    [InlineData("+/+/#", "+/+/#", "+/+/#", null, false)]
    [InlineData("$SYS/#", "$SYS/#", "$SYS/#", null, false)]
    [InlineData("$share/g/a/+", "$share/g/a/+", "a/+", "g", false)]
    [InlineData("$share/g//a", "$share/g//a", "/a", "g", false)]
    [InlineData("$queue/a", "$queue/a", "a", "$queue", false)]
    [InlineData("$exclusive/a/b", "a/b", "a/b", null, true)]
    [InlineData("$shared/a", "$shared/a", "$shared/a", null, false)]
    public void A_filter_is_taken_apart(string text, string listed, string topic, string? group, bool isExclusive)
    {
        Assert.True(TopicFilter.TryParse(text, out var filter));
        Assert.Equal(new TopicFilter(listed, topic, group, isExclusive), filter);
        Assert.Equal(filter, TopicFilter.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("#/")]
    [InlineData("a+/b")]
    [InlineData("a/b#")]
    [InlineData("a/++")]
    [InlineData("a\0b")]
    [InlineData("$share")]
    [InlineData("$share/g")]
    [InlineData("$share//a")]
    [InlineData("$share/g/")]
    [InlineData("$share/g+/a")]
    [InlineData("$share/#/a")]
    [InlineData("$share/g/a/#/b")]
    [InlineData("$share/g/$share/h/a")]
    [InlineData("$share/g/$queue/a")]
    [InlineData("$queue/")]
    [InlineData("$exclusive/")]
    public void What_MQTT_forbids_is_refused(string text)
    {
        if (text == "$share")
            Assert.True(TopicFilter.TryParse(text, out _)); // an ordinary level
        else
            Assert.False(TopicFilter.TryParse(text, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("$share//a")]
    [InlineData("$share/g/")]
    public void The_API_takes_what_MQTT_forbids(string text) => Assert.Equal(text, TopicFilter.Parse(text).Text);

    [Fact]
    public void A_share_group_without_a_topic_cannot_be_taken_apart() => Assert.Throws<FormatException>(() => TopicFilter.Parse("$share/g"));

    [Fact]
    public void Text_longer_than_MQTT_can_carry_is_refused()
    {
        Assert.True(TopicFilter.TryParse(new string('a', 65535), out _));
        Assert.False(TopicFilter.TryParse(new string('a', 65536), out _));
        Assert.False(TopicName.IsValid(new string('ü', 32768)));
        Assert.True(TopicName.IsValid(new string('ü', 32767)));
    }

    [Theory]
    [InlineData("a", "m/", "m/a")]
    [InlineData("$share/g/a", "m/", "$share/g/m/a")]
    [InlineData("$queue/a", "m/", "$queue/m/a")]
    [InlineData("$exclusive/a", "m/", "m/a")]
    [InlineData("a", "", "a")]
    [InlineData("a", null, "a")]
    public void A_mountpoint_goes_before_the_topic(string text, string? mountpoint, string expected) =>
        Assert.Equal(expected, TopicFilter.Parse(text).Mount(mountpoint).Text);

    [Fact]
    public void A_mountpoint_is_taken_off_again()
    {
        Assert.Equal("a", TopicName.Unmount(TopicName.Mount("a", "m/"), "m/"));
        Assert.Equal("x/a", TopicName.Unmount("x/a", "m/"));
        Assert.Equal("a", TopicName.Unmount("a", null));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("a#", false)]
    [InlineData("a\0", false)]
    public void Topic_names_have_no_wildcards(string topic, bool isValid) => Assert.Equal(isValid, TopicName.IsValid(topic));

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 1)]
    [InlineData("/", 2)]
    [InlineData("a/b/c", 3)]
    public void Levels_are_counted(string topic, int levels) => Assert.Equal(levels, TopicLevels.Count(topic));

    [Fact]
    public void Texts_are_compared_by_their_UTF8_bytes()
    {
        string[] texts = ["", "a", "ab", "b", "é", "測", "\uE000", "\uFFFD", "\U0001F600", "a\U0001F600", "a\uFFFD", "ab\uD83D\uDE01"];
        foreach (var left in texts)
            foreach (var right in texts)
            {
                var expected = System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right));
                Assert.Equal(Math.Sign(expected), Math.Sign(Utf8Order.Compare(left, right)));
            }
    }
}
