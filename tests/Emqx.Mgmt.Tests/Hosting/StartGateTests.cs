using Emqx.Mgmt.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>Requests that come while the node starts.</summary>
public sealed class StartGateTests
{
    [Fact]
    public async Task A_peer_that_leaves_before_the_node_runs_is_passed_over()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        new StartGate().Configure(static _ => { })(app);
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };
        await app.Build()(context);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode); // nothing was answered, and nothing thrown
    }
}
