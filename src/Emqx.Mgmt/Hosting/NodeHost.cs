using Emqx.Broker.Node;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Hosting.Logs;
using Microsoft.AspNetCore.Hosting.Server;

namespace Emqx.Mgmt.Hosting;

/// <summary>The node and its management API in one web host: what the process and the tests begin with.</summary>
internal static class NodeHost
{
    /// <summary>A host with everything in it and all state in memory; what is registered afterwards takes the place of what is here.</summary>
    public static WebApplicationBuilder CreateBuilder(NodeConfiguration configuration, params string[] args) => CreateBareBuilder(args).WithNode(configuration);

    /// <summary>What of the host needs no configuration.</summary>
    public static WebApplicationBuilder CreateBareBuilder(string[] args)
    {
        // Settings are EMQX's: the framework's own files and variables, and what watches them, are left out.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.Services.Configure<HostOptions>(static host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(5);
            host.ServicesStartConcurrently = true; // HTTP beside the broker: a fifth of the way to the first answer
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(static kestrel => kestrel.BoundForStrangers());
        builder.Services.AddSingleton<DashboardServer>().AddSingleton<IServer>(static all => all.GetRequiredService<DashboardServer>())
            .AddSingleton<IRootSwitch>(static all => all.GetRequiredService<DashboardServer>()).AddSingleton<IRootSwitch, LogFileSwitch>();
        builder.Services.AddSingleton<StartGate>().AddHostedService(static all => all.GetRequiredService<StartGate>())
            .AddSingleton<IStartupFilter>(static all => all.GetRequiredService<StartGate>());
        builder.Services.AddManagementApi();
        return builder;
    }

    /// <summary>Puts the node into a bare host.</summary>
    public static WebApplicationBuilder WithNode(this WebApplicationBuilder builder, NodeConfiguration configuration)
    {
        builder.Logging.AddNodeLogs(configuration);
        builder.Services.AddBrokerNode(configuration).AddHostedService<StartMessage>();
        return builder;
    }

    /// <summary>Writes the API's description to a file, and gives the process's exit code. No configuration is read, nothing is started.</summary>
    public static async Task<int> DescribeAsync(string file)
    {
        var sources = ConfigurationSources.FromText(NodeRoots.Catalogue, "", "");
        var configuration = NodeConfiguration.Load(sources, new Dictionary<string, string>(), out _)!;
        await using var app = CreateBuilder(configuration).Build();
        app.MapManagementApi();
        await ApiDocs.WriteAsync(app, file);
        return 0;
    }
}
