namespace Emqx.Broker.Routing;

/// <summary>
/// A topic filter taken apart. <c>$share/g/a/+</c> has Group "g" and Topic "a/+"; <c>$queue/a</c> has Group "$queue";
/// <c>$exclusive/a</c> has IsExclusive and Topic "a".
/// </summary>
/// <param name="Text">The whole filter as the API lists it: <c>$share/g/t</c>, <c>$queue/t</c>, else the topic alone.</param>
/// <param name="Topic">What topics are matched against.</param>
/// <param name="Group">The share group, or null.</param>
/// <param name="IsExclusive">Subscribed with <c>$exclusive/</c>.</param>
internal sealed record TopicFilter(string Text, string Topic, string? Group, bool IsExclusive)
{
    /// <summary>Whether <see cref="Topic"/> has a wildcard.</summary>
    public bool IsWildcard { get; } = Topic.AsSpan().IndexOfAny('+', '#') >= 0;
}
