using Emqx.Broker.Schema.Values;
using Xunit;

namespace Emqx.Broker.Tests.Schema;

/// <summary>Durations, sizes, percents, rates and addresses as EMQX writes them.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("15s", 15_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("5000ms", 5_000)]
    [InlineData("0.5d", 43_200_000)]
    [InlineData("2H", 7_200_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("0s", 0)]
    public void A_duration_is_digits_and_units(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var found));
        Assert.Equal(milliseconds, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("1 s")]
    [InlineData("-1s")]
    [InlineData("1s2")]
    [InlineData("1.2.3s")]
    public void Other_texts_are_no_durations(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("1MB", 1_048_576)]
    [InlineData("100KB", 102_400)]
    [InlineData("2gb", 2_147_483_648)]
    [InlineData("12", 12)]
    [InlineData("7B", 7)]
    public void A_size_is_a_power_of_1024(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var found));
        Assert.Equal(bytes, found);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1Mb")]
    [InlineData("1.5MB")]
    [InlineData("-1MB")]
    [InlineData("99999999999999GB")]
    public void Other_texts_are_no_sizes(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("80%", 0.8)]
    [InlineData("0.25", 0.25)]
    [InlineData("100%", 1)]
    public void A_percent_is_a_fraction(string text, double fraction)
    {
        Assert.True(Percent.TryParse(text, out var found));
        Assert.Equal(fraction, found, 9);
    }

    [Theory]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("x")]
    public void Other_texts_are_no_percents(string text) => Assert.False(Percent.TryParse(text, out _));

    [Theory]
    [InlineData("infinity", -1)]
    [InlineData("1000/s", 1000)]
    [InlineData("500", 500)]
    [InlineData("10/2s", 5)]
    [InlineData("10MB/10s", 1_048_576)]
    [InlineData("60/m", 1)]
    public void A_rate_is_an_amount_a_second(string text, double rate)
    {
        Assert.True(Rate.TryParse(text, out var found));
        Assert.Equal(rate, found, 6);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0/s")]
    [InlineData("10/")]
    [InlineData("10/0s")]
    [InlineData("10x/s")]
    public void Other_texts_are_no_rates(string text) => Assert.False(Rate.TryParse(text, out _));

    [Theory]
    [InlineData("1883", "0.0.0.0:1883")]
    [InlineData(":1883", "0.0.0.0:1883")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("[::1]:1883", "[::1]:1883")]
    [InlineData("::1:1883", "[::1]:1883")]
    [InlineData("[::]:1883", "[::]:1883")]
    public void A_bind_is_a_port_with_or_without_an_address(string text, string endPoint)
    {
        Assert.True(BindAddress.TryParse(text, out var found, out _));
        Assert.Equal(endPoint, found.ToString());
    }

    [Theory]
    [InlineData("junk", "bad_port_number")]
    [InlineData("70000", "port_number_too_large")]
    [InlineData("-1", "port_number_must_be_positive")]
    [InlineData("nowhere:1", "bad_ip_port")]
    [InlineData("127.0.0.1:99999999", "bad_ip_port")]
    [InlineData("5:1883", "bad_ip_port")]
    public void A_wrong_bind_says_why(string text, string reason)
    {
        Assert.False(BindAddress.TryParse(text, out _, out var found));
        Assert.Equal(reason, found);
    }
}
