using System.Buffers;
using Emqx.Broker.Cluster;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Clients;

/// <summary>
/// The subscriptions of this node. What an order or an index bounds is read by position; all else is gone through row by row,
/// without allocating, up to the end of the page.
/// </summary>
internal sealed class LocalSubscriptionDirectory(Router router, ISessionActions sessions, NodeIdentity node) : ISubscriptionDirectory
{
    public ValueTask<RowPage<SubscriptionRow>> ListAsync(SubscriptionFilter filter, int page, int limit, CancellationToken cancellation)
    {
        if (filter.Node is not null && filter.Node != node.Name)
            return new(RowPage<SubscriptionRow>.Unreachable(filter.Node, "nodedown"));
        var skip = (page - 1L) * limit;
        if (filter.Durable == true || (filter.IsFuzzy && !TopicLevels.IsFilter(filter.MatchTopic)))
            return new(Nothing(filter));
        if (filter.ClientId is not { } clientId)
            return new(OfTable(filter, skip, limit));
        if (sessions.Find(clientId) is { } session)
            return new(OfSession(session, filter, skip, limit));
        return new(router.HasOther(clientId) ? OfTable(filter, skip, limit) : Nothing(filter));
    }

    private static RowPage<SubscriptionRow> Nothing(SubscriptionFilter filter) => new(0) { Total = filter.IsFuzzy ? null : 0 };

    private RowPage<SubscriptionRow> OfSession(Session session, SubscriptionFilter filter, long skip, int limit)
    {
        var rows = session.GetSubscriptions();
        rows.AsSpan().Sort(static (left, right) => SubscriptionOrder.Compare(SubscriptionKey.Of(left), right));
        var taking = new Taking(node.Name, filter, skip, limit);
        taking.Offer(rows);
        return taking.End();
    }

    private RowPage<SubscriptionRow> OfTable(SubscriptionFilter filter, long skip, int limit)
    {
        var range = SubscriptionRange.Of(filter);
        if (range.IsExact)
            return Slice(range, skip, limit);
        var taking = new Taking(node.Name, filter, skip, limit);
        var search = filter.IsFuzzy ? TopicSearch.Of(filter.MatchTopic!) : null;
        foreach (var (from, to) in range.Parts)
        {
            if (!Scan(from, to, search, ref taking))
                break;
        }

        return taking.End();
    }

    private RowPage<SubscriptionRow> Slice(SubscriptionRange range, long skip, int limit)
    {
        var (from, to) = range.Parts[0];
        var first = router.Subscriptions.Position(from);
        var total = Math.Max(0, router.Subscriptions.Position(to) - first);
        var wanted = (int)Math.Clamp(total - skip, 0, limit);
        var rows = ArrayPool<Subscription>.Shared.Rent(wanted);
        var read = router.Subscriptions.Read(first + skip, rows.AsSpan(0, wanted));
        var page = new RowPage<SubscriptionRow>(limit) { Total = total, HasNext = skip + limit < total };
        for (var i = 0; i < read; i++)
            page.Add(RowOf(node.Name, rows[i]));
        Array.Clear(rows, 0, read);
        ArrayPool<Subscription>.Shared.Return(rows);
        return page;
    }

    // False when nothing more is wanted.
    private bool Scan(in SubscriptionKey from, in SubscriptionKey to, TopicSearch? search, ref Taking taking)
    {
        var walk = router.Subscriptions.ScanFrom(from, inclusive: true);
        try
        {
            while (walk.TryNext(out var rows))
            {
                var isLast = SubscriptionOrder.Compare(to, rows[^1]) < 0;
                var wanted = isLast ? rows[..Before(to, rows)] : rows;
                var isOn = search is not null && walk.IsWhole ? taking.Offer(wanted, search.Find(rows, ref walk)) : taking.Offer(wanted);
                if (!isOn || isLast)
                    return isOn;
            }
        }
        finally
        {
            walk.Dispose();
        }

        return true;
    }

    private static int Before(in SubscriptionKey to, ReadOnlySpan<Subscription> rows)
    {
        var count = 0;
        while (count < rows.Length && SubscriptionOrder.Compare(to, rows[count]) > 0)
            count++;
        return count;
    }

    private static SubscriptionRow RowOf(string node, Subscription row) => new(node, row.Filter.Text, row.Subscriber.ClientId, row.Options);

    /// <summary>Rows offered in order, and the page that takes those which the filter selects. Fuzzy searches stop behind the page, others count.</summary>
    private struct Taking(string node, SubscriptionFilter filter, long skip, int limit)
    {
        private PageFill<SubscriptionRow> _fill = new(skip, limit, isCounting: !filter.IsFuzzy);

        /// <summary>Takes the rows that are to be taken. False once nothing more needs to be offered.</summary>
        public bool Offer(ReadOnlySpan<Subscription> rows)
        {
            foreach (var row in rows)
            {
                if (!Offer(row))
                    return false;
            }

            return true;
        }

        /// <summary>Takes those among the hits of a search that are to be taken. False once nothing more needs to be offered.</summary>
        public bool Offer(ReadOnlySpan<Subscription> rows, PackedTexts.Hits hits)
        {
            while (hits.MoveNext() && hits.Row < rows.Length)
            {
                if (!Offer(rows[hits.Row]))
                    return false;
            }

            return true;
        }

        private bool Offer(Subscription row) => !filter.Matches(row) || _fill.Skips() || _fill.Add(RowOf(node, row));

        /// <summary>All rows have been offered: the page.</summary>
        public readonly RowPage<SubscriptionRow> End()
        {
            _fill.End();
            return _fill.Page;
        }
    }
}
