using System.Text;
using Emqx.Broker.Collections;
using Walk = Emqx.Broker.Collections.SortedChunks<Emqx.Broker.Routing.Subscription, Emqx.Broker.Routing.SubscriptionKey, Emqx.Broker.Routing.SubscriptionOrder>.Walk;

namespace Emqx.Broker.Routing;

/// <summary>
/// A search for the subscriptions that a filter may select: by the longest text between its wildcards, in the packed topics of each
/// chunk, which are made when they are first searched through.
/// </summary>
internal sealed class TopicSearch
{
    private readonly byte[] _part;

    private TopicSearch(string part) => _part = Encoding.UTF8.GetBytes(part);

    /// <summary>The search for a filter; null where it has no text that would narrow anything.</summary>
    public static TopicSearch? Of(string filter) => Longest(filter) is { Length: > 1 } part ? new TopicSearch(part) : null;

    /// <summary>Finds rows in the chunk that the walk has just taken.</summary>
    public PackedTexts.Hits Find(ReadOnlySpan<Subscription> rows, ref Walk walk)
    {
        if (walk.Digest is not PackedTexts topics)
        {
            topics = PackedTexts.Pack<Subscription, TopicText>(rows);
            walk.Keep(topics);
        }

        return topics.Find(_part);
    }

    // The text before the first wildcard is left out: the order of the table takes care of it.
    private static string Longest(string filter)
    {
        var rest = filter.AsSpan();
        if (rest.EndsWith("#"))
            rest = rest[..^1].TrimEnd('/');
        var longest = "";
        for (var plus = rest.IndexOf('+'); plus >= 0; plus = rest.IndexOf('+'))
        {
            rest = rest[(plus + 1)..];
            var run = rest.IndexOf('+') is >= 0 and var next ? rest[..next] : rest;
            if (run.Length > longest.Length)
                longest = run.ToString();
        }

        return longest;
    }

    private readonly struct TopicText : IRowText<Subscription>
    {
        public static string? TextOf(Subscription row) => row.Filter.Topic;
    }
}
