using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Cluster;

/// <summary>The cluster of one node, which can neither grow nor shrink.</summary>
public sealed class ClusterTests
{
    private const string Elsewhere = "nosuch@127.0.0.9";

    [Theory]
    [InlineData(NodeApi.Node, "{}", "Cannot invite self")]
    [InlineData(Elsewhere, "{}", "nodedown")]
    [InlineData(Elsewhere, """{"timeout":5000}""", "nodedown")]
    [InlineData(Elsewhere, """{"timeout":4999}""", "timeout cannot be less than 5000ms")]
    [InlineData(Elsewhere, """{"timeout":"x"}""", "validation_error")]
    [InlineData("badname", "{}", "Bad node name")]
    [InlineData("two@at@signs", "{}", "Bad node name")]
    public async Task An_invitation_that_cannot_succeed_is_a_400_that_says_why(string node, string body, string why)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Put, $"/cluster/{node}/invite", 400, "BAD_REQUEST", body), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync("/cluster/invitation")).GetProperty("failed").EnumerateArray());
    }

    [Fact]
    public async Task An_invitation_in_the_background_is_a_200_and_its_outcome_is_listed_the_newest_first()
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var node in (string[])[Elsewhere, "other@127.0.0.9"])
        {
            Assert.Equal((HttpStatusCode.OK, ""), await api.SendAsync(HttpMethod.Put, $"/cluster/{node}/invite_async"));
            api.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var invitations = await api.GetAsync("/cluster/invitation");
        Assert.Equal(["succeed", "in_progress", "failed"], invitations.EnumerateObject().Select(list => list.Name));
        Assert.Equal((0, 0), (invitations.GetProperty("succeed").GetArrayLength(), invitations.GetProperty("in_progress").GetArrayLength()));
        JsonElement[] failed = [.. invitations.GetProperty("failed").EnumerateArray()];
        Assert.Equal(["other@127.0.0.9", Elsewhere], failed.Select(one => one.GetProperty("node").GetString()));
        Assert.All(failed, one => Texts(one, "node started_at finished_at reason"));
    }

    [Theory]
    [InlineData(NodeApi.Node, "Cannot invite self")]
    [InlineData("badname", "Bad node name")]
    public async Task What_cannot_be_invited_is_not_even_asked_in_the_background(string node, string why)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Put, $"/cluster/{node}/invite_async", 400, "BAD_REQUEST"), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync("/cluster/invitation")).GetProperty("failed").EnumerateArray());
    }

    [Theory]
    [InlineData(NodeApi.Node, "Cannot leave self")]
    [InlineData(Elsewhere, "node_not_in_cluster")]
    [InlineData("badname", "Bad node name")]
    public async Task No_other_node_can_be_removed(string node, string why)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Delete, $"/cluster/{node}/force_leave", 400, "BAD_REQUEST"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_is_this_node()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal($$"""{"name":"emqxcl","self":"{{NodeApi.Node}}","nodes":["{{NodeApi.Node}}"]}""", (await api.GetAsync("/cluster")).GetRawText());
        Assert.Equal($$"""[{"core_node":"{{NodeApi.Node}}","replicant_nodes":[]}]""", (await api.GetAsync("/cluster/topology")).GetRawText());
    }
}
