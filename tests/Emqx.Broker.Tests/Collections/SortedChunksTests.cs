using Emqx.Broker.Collections;
using Xunit;

namespace Emqx.Broker.Tests.Collections;

public class SortedChunksTests
{
    private sealed record Row(int Key, int Version = 0);

    private readonly struct Order : IRowOrder<Row, int>
    {
        public static int KeyOf(Row row) => row.Key;

        public static int Compare(in int key, Row row) => key.CompareTo(row.Key);
    }

    private readonly SortedChunks<Row, int, Order> _rows = new();

    private int[] Keys()
    {
        var keys = new List<int>();
        using var walk = _rows.Scan();
        while (walk.TryNext(out var rows))
            foreach (var row in rows)
                keys.Add(row.Key);
        return [.. keys];
    }

    [Fact]
    public void An_empty_table_has_nothing()
    {
        Assert.Equal(0, _rows.Count);
        Assert.Null(_rows.First);
        Assert.Empty(Keys());
        Assert.Equal(0, _rows.Read(0, new Row[3]));
        Assert.Equal(0, _rows.ReadFrom(1, inclusive: true, new Row[3]));
        Assert.Equal(0, _rows.Position(1));
        Assert.False(_rows.TryFind(1, out _));
        Assert.False(_rows.Remove(new Row(1)));
    }

    [Fact]
    public void A_row_with_the_same_key_replaces_the_other()
    {
        Row old = new(1), row = new(1, 2);
        Assert.True(_rows.Add(old, out var none));
        Assert.Null(none);
        Assert.False(_rows.Add(row, out var replaced));
        Assert.Same(old, replaced);
        Assert.True(_rows.TryFind(1, out var found));
        Assert.Same(row, found);
        Assert.Equal(1, _rows.Count);
    }

    [Fact]
    public void Only_the_very_row_is_removed()
    {
        var row = new Row(1);
        _rows.Add(row, out _);
        Assert.False(_rows.Remove(new Row(1)));
        Assert.True(_rows.Remove(row));
        Assert.Equal(0, _rows.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_sorted_set_whatever_is_done(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<int, Row>();
        for (var step = 0; step < 40_000; step++)
        {
            var key = random.Next(4000);
            var isGrowing = step / 8000 % 2 == 0;
            if (random.Next(10) < (isGrowing ? 7 : 2))
            {
                var row = new Row(key, step);
                Assert.Equal(!model.TryGetValue(key, out var before), _rows.Add(row, out var replaced));
                Assert.Same(before, replaced);
                model[key] = row;
            }
            else
                Assert.Equal(model.Remove(key, out var row), row is not null && _rows.Remove(row));
        }

        Assert.Equal(model.Keys, Keys());
        Assert.Equal(model.Count, _rows.Count);
        var keys = model.Keys.ToArray();
        for (var i = 0; i < 300; i++)
            CheckReads(random, keys);
        foreach (var row in model.Values)
            Assert.True(_rows.Remove(row));
        Assert.Empty(Keys());
    }

    private void CheckReads(Random random, int[] keys)
    {
        var page = new Row[random.Next(1, 700)];
        var position = random.Next(keys.Length + 5);
        var read = _rows.Read(position, page);
        Assert.Equal(keys.Skip(position).Take(page.Length), page.Take(read).Select(row => row.Key));

        var key = random.Next(-1, 4001);
        read = _rows.ReadFrom(key, inclusive: true, page);
        Assert.Equal(keys.Where(k => k >= key).Take(page.Length), page.Take(read).Select(row => row.Key));
        read = _rows.ReadFrom(key, inclusive: false, page);
        Assert.Equal(keys.Where(k => k > key).Take(page.Length), page.Take(read).Select(row => row.Key));
        Assert.Equal(keys.Count(k => k < key), _rows.Position(key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Keys_that_come_in_order_fill_their_chunks(bool ascending)
    {
        for (var i = 0; i < 100_000; i++)
            _rows.Add(new Row(ascending ? i : -i), out _);
        Assert.Equal(100_000, Keys().Length);
        Assert.InRange(_rows.ChunkCount, 390, 400);
    }

    [Fact]
    public void Chunks_join_as_the_table_empties()
    {
        var rows = Enumerable.Range(0, 50_000).Select(i => new Row(i)).ToArray();
        foreach (var row in rows)
            _rows.Add(row, out _);
        foreach (var row in rows.Where(row => row.Key % 100 != 0))
            _rows.Remove(row);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => i * 100), Keys());
        Assert.InRange(_rows.ChunkCount, 1, 20);
    }

    [Fact]
    public void A_walk_misses_no_row_that_stays_and_gives_none_twice()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
            _rows.Add(new Row(i * 10), out _);
        var churned = new List<Row>();
        var seen = new List<int>();
        using var walk = _rows.Scan();
        while (walk.TryNext(out var rows))
        {
            foreach (var row in rows)
                seen.Add(row.Key);
            for (var i = 0; i < 400; i++)
                Churn(random, churned);
        }

        Assert.Equal(seen.Order().Distinct(), seen);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => i * 10), seen.Where(key => key % 10 == 0));
    }

    private void Churn(Random random, List<Row> churned)
    {
        if (random.Next(3) != 0 || churned.Count == 0)
        {
            var row = new Row(random.Next(5000) * 10 + random.Next(1, 10));
            if (_rows.Add(row, out var replaced))
                churned.Add(row);
            else
                churned[churned.IndexOf(replaced!)] = row;
            return;
        }

        var at = random.Next(churned.Count);
        Assert.True(_rows.Remove(churned[at]));
        churned.RemoveAt(at);
    }

    [Fact]
    public async Task Readers_and_writers_do_not_disturb_each_other()
    {
        var stay = Enumerable.Range(0, 3000).Select(i => i * 7).ToArray();
        foreach (var key in stay)
            _rows.Add(new Row(key), out _);
        var isDone = false;
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            var random = new Random(writer);
            var mine = new Dictionary<int, Row>();
            for (var i = 0; i < 60_000; i++)
            {
                var key = random.Next(3000) * 7 + 1 + writer;
                if (mine.Remove(key, out var row))
                    Assert.True(_rows.Remove(row));
                else
                    Assert.True(_rows.Add(mine[key] = new Row(key), out _));
            }
        })).ToArray();
        var reader = Task.Run(() =>
        {
            do
                Assert.Equal(stay, Keys().Where(key => key % 7 == 0));
            while (!Volatile.Read(ref isDone));
        });
        await Task.WhenAll(writers);
        Volatile.Write(ref isDone, true);
        await reader;
        Assert.Equal(_rows.Count, Keys().Length);
    }
}
