using System.Net;
using Emqx.Broker.Clients;
using Emqx.Broker.Collections;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Broker.Tests.Clients;

/// <summary>Lists of clients: order, filters, pages, counts.</summary>
public sealed class ClientQueryTests
{
    private readonly ClientTable _table = new();

    private FakeClient Add(string clientId, string? username = null, string address = "127.0.0.1", bool cleanStart = true, byte version = 5,
        long at = 1_700_000_000_000)
    {
        var client = new FakeClient(clientId, username, address, cleanStart, version, at);
        _table.Add(client);
        return client;
    }

    private (string[] Ids, long? Total, bool HasNext) List(ClientFilter filter, int page = 1, int limit = 100)
    {
        using var found = new ClientQuery(_table, "n").Run(filter, null, (page - 1L) * limit, limit, !filter.IsFuzzy);
        return (Ids(found), found.Total, found.HasNext);
    }

    private static string[] Ids(RowPage<ClientRow> page) => [.. page.Rows.ToArray().Select(row => row.View.ClientId)];

    [Fact]
    public void Clients_come_in_descending_order_of_the_bytes_of_their_ids()
    {
        foreach (var id in new[] { "b", "A", "a", "c1", "c", "\U0001F600", "\uFFFD" })
            Add(id);
        Assert.Equal(["\U0001F600", "\uFFFD", "c1", "c", "b", "a", "A"], List(ClientFilter.All).Ids);
    }

    [Fact]
    public void Pages_cut_the_list_and_tell_whether_more_follows()
    {
        foreach (var id in "abcde")
            Add(id.ToString());
        Assert.Equivalent((new[] { "e", "d" }, (long?)5, true), List(ClientFilter.All, 1, 2));
        Assert.Equivalent((new[] { "a" }, (long?)5, false), List(ClientFilter.All, 3, 2));
        Assert.Equivalent((Array.Empty<string>(), (long?)5, false), List(ClientFilter.All, 9, 2));
        Assert.False(List(ClientFilter.All, 1, 5).HasNext);
    }

    [Fact]
    public void Several_client_ids_select_several_once_each()
    {
        Add("a");
            Add("b");
            Add("c");
        Assert.Equivalent((new[] { "c", "a" }, (long?)2, false), List(new ClientFilter { ClientIds = ["a", "c", "a", "x"] }));
    }

    [Fact]
    public void Several_user_names_select_the_clients_of_all()
    {
        for (var i = 0; i < 600; i++)
            Add($"c{i:000}", "u" + i % 3);
        var found = List(new ClientFilter { Usernames = ["u0", "u2", "u0"] }, 3, 100);
        Assert.Equal(400, found.Total);
        Assert.True(found.HasNext);
        Assert.Equal([.. Enumerable.Range(0, 600).Where(i => i % 3 != 1).Select(i => $"c{i:000}").Reverse().Skip(200).Take(100)], found.Ids);
    }

    [Fact]
    public void A_fuzzy_search_does_not_count_and_knows_whether_more_follows()
    {
        for (var i = 0; i < 1000; i++)
            Add($"device-{i:0000}", "user" + i);
        Assert.Equivalent((new[] { "device-0099", "device-0098" }, (long?)null, true), List(new ClientFilter { LikeClientId = "e-00" }, 1, 2));
        Assert.False(List(new ClientFilter { LikeClientId = "e-00" }, 1, 100).HasNext);
        Assert.Equal(["device-0777"], List(new ClientFilter { LikeClientId = "e-0", LikeUsername = "777" }).Ids);
        Assert.Empty(List(new ClientFilter { LikeClientId = "DEVICE" }).Ids);
    }

    [Fact]
    public void A_search_sees_every_change_since_the_one_before()
    {
        var random = new Random(5);
        var clients = new List<FakeClient>();
        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < 40; i++)
                clients.Add(Add($"é{random.Next(100_000)}-{round}-{i}", random.Next(4) == 0 ? null : "u" + random.Next(1000)));
            for (var i = 0; i < 10; i++)
            {
                var gone = clients[random.Next(clients.Count)];
                clients.Remove(gone);
                _table.Remove(gone);
                var back = clients[random.Next(clients.Count)];
                var before = back.Client;
                back.Client = FakeClient.Info(back.ClientId, "v" + random.Next(1000));
                _table.Reconnect(back, before);
            }

            var part = random.Next(100).ToString("00", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Expected(client => client.ClientId.Contains(part, StringComparison.Ordinal)), List(new ClientFilter { LikeClientId = part }, limit: 5000).Ids);
            Assert.Equal(Expected(client => client.Client.Username?.Contains("v" + part, StringComparison.Ordinal) == true),
                List(new ClientFilter { LikeUsername = "v" + part }, limit: 5000).Ids);
            Assert.Equal(Expected(client => client.ClientId.Contains('é') && client.Client.Username?.Contains(part, StringComparison.Ordinal) == true),
                List(new ClientFilter { LikeClientId = "é", LikeUsername = part }, limit: 5000).Ids);
        }

        string[] Expected(Func<FakeClient, bool> matches) =>
            [.. clients.Where(matches).Select(client => client.ClientId).OrderDescending(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_search_finds_nothing_across_two_names()
    {
        Add("ab");
            Add("cd");
        Assert.Empty(List(new ClientFilter { LikeClientId = "da" }).Ids);
        Assert.Empty(List(new ClientFilter { LikeClientId = "cdab" }).Ids);
        Assert.Equal(["cd"], List(new ClientFilter { LikeClientId = "d" }).Ids);
    }

    [Fact]
    public void A_client_without_user_name_never_matches_one()
    {
        Add("a");
            Add("b", "");
        Assert.Equal(["b"], List(new ClientFilter { Usernames = [""] }).Ids);
        Assert.Equal(["b"], List(new ClientFilter { LikeUsername = "" }).Ids);
    }

    [Fact]
    public void Conditions_must_all_hold()
    {
        Add("a", "u", "10.0.0.1", cleanStart: false, version: 4, at: 1000);
        Add("b", "u", "10.0.0.2", cleanStart: true, version: 5, at: 2000);
        Add("c", "v", "10.0.0.2", cleanStart: true, version: 5, at: 3000);
        Assert.Equal(["c", "b"], List(new ClientFilter { Address = IPAddress.Parse("10.0.0.2") }).Ids);
        Assert.Equal(["b"], List(new ClientFilter { Address = IPAddress.Parse("10.0.0.2"), Usernames = ["u"] }).Ids);
        Assert.Equal(["a"], List(new ClientFilter { CleanStart = false }).Ids);
        Assert.Equal(["a"], List(new ClientFilter { ProtocolVersion = 4 }).Ids);
        Assert.Equal(["c", "b"], List(new ClientFilter { ConnectedFrom = 2000 }).Ids);
        Assert.Equal(["b"], List(new ClientFilter { CreatedFrom = 1001, CreatedTo = 2000 }).Ids);
        Assert.Empty(List(new ClientFilter { ConnectedTo = 999 }).Ids);
        Assert.Empty(List(new ClientFilter { ClientIds = ["a"], Usernames = ["v"] }).Ids);
    }

    [Fact]
    public void States_follow_connections()
    {
        var a = Add("a");
        Add("b");
        a.IsConnected = false;
        _table.Disconnect(a);
        Assert.Equal(["a"], List(new ClientFilter { State = ConnectionState.Disconnected }).Ids);
        Assert.Equal(["b"], List(new ClientFilter { State = ConnectionState.Connected }).Ids);
        Assert.Empty(List(new ClientFilter { State = ConnectionState.Idle }).Ids);
        Assert.Equal(new ClientCounts(2, 1), _table.Counts);
        a.IsConnected = true;
        _table.Reconnect(a, a.Client);
        Assert.Equal(new ClientCounts(2, 2), _table.Counts);
    }

    [Fact]
    public void A_reconnect_moves_the_client_to_its_new_name_and_address()
    {
        var a = Add("a", "before", "10.0.0.1");
        var before = a.Client;
        a.Client = FakeClient.Info("a", "after", "10.0.0.2");
        _table.Reconnect(a, before);
        Assert.Empty(List(new ClientFilter { Usernames = ["before"] }).Ids);
        Assert.Equal(["a"], List(new ClientFilter { Usernames = ["after"] }).Ids);
        Assert.Empty(List(new ClientFilter { Address = IPAddress.Parse("10.0.0.1") }).Ids);
        Assert.Equal(["a"], List(new ClientFilter { Address = IPAddress.Parse("10.0.0.2") }).Ids);
    }

    [Fact]
    public void A_session_that_another_replaced_leaves_no_trace_when_it_goes()
    {
        var old = Add("a", "u1");
        var fresh = Add("a", "u2");
        _table.Disconnect(old);
        _table.Remove(old);
        Assert.Equal(new ClientCounts(1, 1), _table.Counts);
        Assert.Same(fresh, _table.Find("a"));
        Assert.Empty(List(new ClientFilter { Usernames = ["u1"] }).Ids);
        Assert.Equal(["a"], List(new ClientFilter { Usernames = ["u2"] }).Ids);
        _table.Remove(fresh);
        Assert.Equal(default, _table.Counts);
        Assert.Empty(List(ClientFilter.All).Ids);
    }

    [Fact]
    public void A_walk_under_churn_meets_everyone_who_stays_once()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
            Add($"stay{i:00000}", "u");
        var passing = new Queue<FakeClient>();
        foreach (var filter in new[] { ClientFilter.All, new ClientFilter { Usernames = ["u"] }, new ClientFilter { LikeClientId = "a" } })
        {
            var seen = new List<string>();
            string? after = null;
            while (true)
            {
                for (var i = 0; i < 50; i++)
                {
                    passing.Enqueue(Add($"{(i % 2 == 0 ? "pass" : "stay")}{random.Next(100000):00000}x{random.Next()}", "u"));
                    if (passing.Count > 500)
                        _table.Remove(passing.Dequeue());
                }

                using var page = new ClientQuery(_table, "n").Run(filter, after, 0, 37, isCounting: false);
                seen.AddRange(Ids(page));
                if (!page.HasNext)
                    break;
                Assert.Equal(37, page.Count);
                after = page[page.Count - 1].View.ClientId;
            }

            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Equal(5000, seen.Count(id => id.Length == 9));
        }
    }
}
