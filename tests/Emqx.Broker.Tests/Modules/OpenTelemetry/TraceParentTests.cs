using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Protocol;
using Xunit;

namespace Emqx.Broker.Tests.Modules.OpenTelemetry;

/// <summary>The trace that a message brings along.</summary>
public sealed class TraceParentTests
{
    private const string Known = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static PropertyWriter Around() => new PropertyWriter().PayloadFormatIndicator(1).ContentType("text/plain").ResponseTopic("a").CorrelationData("b");

    [Theory]
    [InlineData("traceparent")]
    [InlineData("TraceParent")]
    public void It_is_found_among_other_properties(string name)
    {
        var properties = Around().UserProperty("a", "traceparent").UserProperty(name, Known).UserProperty("tracestate", "x=y").ToArray();
        Assert.True(TraceParent.TryFind(properties, out var context));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "x=y", true),
            (context.TraceId.ToHexString(), context.SpanId.ToHexString(), context.TraceState, context.IsRemote));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01")]
    public void What_is_none_of_the_standards_is_none(string text) =>
        Assert.False(TraceParent.TryFind(Around().UserProperty("traceparent", text).ToArray(), out _));

    [Fact]
    public void One_of_kilobytes_is_none() =>
        Assert.False(TraceParent.TryFind(Around().UserProperty("traceparent", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-" + new string('a', 60_000)).ToArray(), out _));

    [Fact]
    public void Properties_that_are_cut_off_do_no_harm()
    {
        var properties = Around().UserProperty("traceparent", Known).UserProperty("b", "c").ToArray();
        for (var length = 0; length < properties.Length; length++)
            TraceParent.TryFind(properties.AsSpan(0, length), out _);
        Assert.True(TraceParent.TryFind(properties, out _));
    }
}
