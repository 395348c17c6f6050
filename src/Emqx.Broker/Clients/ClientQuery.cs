using System.Buffers;
using Emqx.Broker.Collections;

namespace Emqx.Broker.Clients;

/// <summary>Cuts one page out of a table of clients: by position where an index holds just what is asked for, else row by row.</summary>
internal sealed class ClientQuery(ClientTable table, string node)
{
    private const int Block = 256;

    /// <summary>The rows behind <paramref name="after"/> (all where null) that the filter selects, without the first <paramref name="skip"/>.</summary>
    /// <param name="isCounting">Whether everything that the filter selects is to be counted.</param>
    public RowPage<ClientRow> Run(ClientFilter filter, string? after, long skip, int limit, bool isCounting)
    {
        if (filter.ClientIds is not null)
            return ByClientId(filter, after, skip, limit);
        var lists = table.Candidates(filter, out var isExact);
        if (isExact && (after is null || skip == 0))
            return Slice(lists[0], after, skip, limit);
        var take = new Taking(node, filter, skip, limit, isCounting);
        if (lists.Length == 1)
            Scan(lists[0], after, ref take);
        else
            Merge(lists, after, ref take);
        return take.Page;
    }

    private RowPage<ClientRow> Slice(ClientRows rows, string? after, long skip, int limit)
    {
        var buffer = ArrayPool<IClientView>.Shared.Rent(limit + 1);
        var read = after is null ? rows.Read(skip, buffer.AsSpan(0, limit + 1)) : rows.ReadAfter(after, buffer.AsSpan(0, limit + 1));
        var page = new RowPage<ClientRow>(limit) { Total = rows.Count, HasNext = read > limit };
        for (var i = 0; i < Math.Min(read, limit); i++)
            page.Add(new ClientRow(node, buffer[i]));
        Return(buffer, read);
        return page;
    }

    private RowPage<ClientRow> ByClientId(ClientFilter filter, string? after, long skip, int limit)
    {
        var found = new List<IClientView>(filter.ClientIds!.Length);
        foreach (var clientId in filter.ClientIds)
        {
            if (table.Find(clientId) is { } row && !found.Contains(row))
                found.Add(row);
        }

        found.Sort(static (left, right) => ClientOrder.Compare(left.ClientId, right));
        var take = new Taking(node, filter, skip, limit, isCounting: true);
        foreach (var row in found)
        {
            if (after is null || ClientOrder.Compare(after, row) < 0)
                take.Offer(row);
        }

        take.Page.Total = take.Matched;
        return take.Page;
    }

    private static void Scan(ClientRows rows, string? after, ref Taking take)
    {
        if (rows.List is not { } list)
        {
            Merge([rows], after, ref take);
            return;
        }

        var search = ClientSearch.Of(take.Filter);
        var walk = after is null ? list.Scan() : list.ScanFrom(after, inclusive: false);
        try
        {
            while (walk.TryNext(out var block))
            {
                var isOn = search is not null && walk.IsWhole ? take.Offer(block, search.Find(block, ref walk)) : take.Offer(block);
                if (!isOn)
                    return;
            }
        }
        finally
        {
            walk.Dispose();
        }

        take.End();
    }

    // Reads a block of each list behind the last row taken, and goes through the best of them in order.
    private static void Merge(ClientRows[] lists, string? after, ref Taking take)
    {
        var block = ArrayPool<IClientView>.Shared.Rent(Block * (lists.Length + 1));
        var isMore = true;
        while (isMore)
        {
            var count = 0;
            foreach (var list in lists)
                count += list.ReadAfter(after, block.AsSpan(count, Block));
            block.AsSpan(0, count).Sort(static (left, right) => ClientOrder.Compare(left.ClientId, right));
            isMore = count >= Block;
            for (var i = 0; i < Math.Min(count, Block); i++)
            {
                if (take.Offer(block[i]))
                    continue;
                Return(block, count);
                return;
            }

            if (count > 0)
                after = block[Math.Min(count, Block) - 1].ClientId;
            block.AsSpan(0, count).Clear();
        }

        Return(block, 0);
        take.End();
    }

    private static void Return(IClientView[] buffer, int used)
    {
        Array.Clear(buffer, 0, used);
        ArrayPool<IClientView>.Shared.Return(buffer);
    }

    /// <summary>Rows offered in order, and the page that takes those which the filter selects.</summary>
    private struct Taking(string node, ClientFilter filter, long skip, int limit, bool isCounting)
    {
        private PageFill<ClientRow> _fill = new(skip, limit, isCounting);

        public readonly RowPage<ClientRow> Page => _fill.Page;

        public readonly long Matched => _fill.Matched;

        public readonly ClientFilter Filter => filter;

        /// <summary>Takes those of some rows that are to be taken. False once nothing more needs to be offered.</summary>
        public bool Offer(ReadOnlySpan<IClientView> block)
        {
            filter.Touch(block);
            foreach (var row in block)
            {
                if (!Offer(row))
                    return false;
            }

            return true;
        }

        /// <summary>Takes those among the hits of a search that are to be taken. False once nothing more needs to be offered.</summary>
        public bool Offer(ReadOnlySpan<IClientView> block, PackedTexts.Hits hits)
        {
            while (hits.MoveNext())
            {
                if (!Offer(block[hits.Row]))
                    return false;
            }

            return true;
        }

        /// <summary>Takes a row if it is to be taken. False once nothing more needs to be offered.</summary>
        public bool Offer(IClientView row) => !filter.Matches(row) || _fill.Skips() || _fill.Add(new ClientRow(node, row));

        /// <summary>All rows have been offered.</summary>
        public readonly void End() => _fill.End();
    }
}
