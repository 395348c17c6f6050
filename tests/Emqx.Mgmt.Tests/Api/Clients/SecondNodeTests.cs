using Emqx.Broker.Clients;
using Emqx.Broker.Cluster;
using Emqx.Broker.Collections;
using Emqx.TestKit.Clients;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Clients;

/// <summary>A cluster directory may stand before the endpoints: here one that joins this node with another and loses a third.</summary>
public sealed class SecondNodeTests
{
    /// <summary>This node's clients and those of "emqx@other"; "emqx@lost" does not answer.</summary>
    private sealed class TwoNodes(LocalClientDirectory here, ClientTable there) : IClientDirectory
    {
        private const string Other = "emqx@other";

        public async ValueTask<RowPage<ClientRow>> ListAsync(ClientFilter filter, int page, int limit, CancellationToken cancellation) => filter.Node switch
        {
            null => await JoinAsync(filter, null, (page - 1L) * limit, limit, cancellation),
            Other => There(filter, null, limit),
            "emqx@lost" => RowPage<ClientRow>.Unreachable(filter.Node, "timeout"),
            _ => await here.ListAsync(filter, page, limit, cancellation),
        };

        public ValueTask<RowPage<ClientRow>> WalkAsync(ClientFilter filter, string? after, int limit, CancellationToken cancellation) =>
            JoinAsync(filter, after, 0, limit, cancellation);

        public async ValueTask<ClientRow?> FindAsync(string clientId, CancellationToken cancellation) =>
            await here.FindAsync(clientId, cancellation) ?? (there.Find(clientId) is { } row ? new ClientRow(Other, row) : null);

        public async ValueTask<ClientCounts> CountAsync(CancellationToken cancellation)
        {
            var counts = await here.CountAsync(cancellation);
            return new ClientCounts(counts.Sessions + there.Counts.Sessions, counts.Live + there.Counts.Live);
        }

        private RowPage<ClientRow> There(ClientFilter filter, string? after, int limit) =>
            new ClientQuery(there, Other).Run(filter with { Node = null }, after, 0, limit, isCounting: true);

        private async ValueTask<RowPage<ClientRow>> JoinAsync(ClientFilter filter, string? after, long skip, int limit, CancellationToken cancellation)
        {
            var wanted = (int)skip + limit;
            using var local = await here.WalkAsync(filter, after, wanted, cancellation);
            using var remote = There(filter, after, wanted);
            var rows = local.Rows.ToArray().Concat(remote.Rows.ToArray()).OrderByDescending(row => row.View.ClientId, StringComparer.Ordinal).ToList();
            var page = new RowPage<ClientRow>(limit) { Total = rows.Count, HasNext = rows.Count > wanted || local.HasNext || remote.HasNext };
            foreach (var row in rows.Skip((int)skip).Take(limit))
                page.Add(row);
            return page;
        }
    }

    [Fact]
    public async Task Clients_of_two_nodes_are_listed_as_one_table()
    {
        var there = new ClientTable();
        await using var app = new EmqxApp
        {
            With = services => services.AddSingleton<IClientDirectory>(all => new TwoNodes(all.GetRequiredService<LocalClientDirectory>(), there)),
        };
        using var http = app.WithKey();
        var here = app.Services.GetRequiredService<NodeIdentity>().Name;
        for (var i = 0; i < 6; i++)
            (i % 2 == 0 ? there : app.Services.GetRequiredService<ClientTable>()).Add(new FakeClient("c" + i));

        var page = await (await http.GetAsync("/api/v5/clients?limit=2&page=2&fields=clientid,node")).JsonAsync();
        Assert.Equal($$"""[{"clientid":"c3","node":"{{here}}"},{"clientid":"c2","node":"emqx@other"}]""", page.GetProperty("data").GetRawText());
        var other = await (await http.GetAsync("/api/v5/clients?node=emqx@other&fields=clientid")).JsonAsync();
        Assert.Equal("""[{"clientid":"c4"},{"clientid":"c2"},{"clientid":"c0"}]""", other.GetProperty("data").GetRawText());
        Assert.Equal("emqx@other", (await (await http.GetAsync("/api/v5/clients/c4")).JsonAsync()).GetProperty("node").GetString());
        Assert.Equal("6", await http.GetStringAsync("/api/v5/sessions_count"));
        Assert.Equal("500 NODE_DOWN", await (await http.GetAsync("/api/v5/clients?node=emqx@lost")).FailureAsync());
        Assert.Equal(6, await WalkAsync(http));
    }

    private static async Task<int> WalkAsync(HttpClient http)
    {
        var seen = new HashSet<string>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var step = await (await http.GetAsync("/api/v5/clients_v2?limit=2" + (cursor is null ? "" : "&cursor=" + cursor))).JsonAsync();
            foreach (var row in step.GetProperty("data").EnumerateArray())
                Assert.True(seen.Add(row.GetProperty("clientid").GetString()!));
            next = step.GetProperty("meta").TryGetProperty("cursor", out var more) ? more.GetString() : null;
        }

        return seen.Count;
    }
}
