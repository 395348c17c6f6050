using Emqx.Mgmt.Api.Alarms;
using Emqx.Mgmt.Api.ApiKeys;
using Emqx.Mgmt.Api.Authentication;
using Emqx.Mgmt.Api.Authorization;
using Emqx.Mgmt.Api.AutoSubscribe;
using Emqx.Mgmt.Api.Banned;
using Emqx.Mgmt.Api.Clients;
using Emqx.Mgmt.Api.Cluster;
using Emqx.Mgmt.Api.Configs;
using Emqx.Mgmt.Api.Dashboard;
using Emqx.Mgmt.Api.DataBackup;
using Emqx.Mgmt.Api.Delayed;
using Emqx.Mgmt.Api.ErrorCodes;
using Emqx.Mgmt.Api.Exhook;
using Emqx.Mgmt.Api.Gateways;
using Emqx.Mgmt.Api.Listeners;
using Emqx.Mgmt.Api.Metrics;
using Emqx.Mgmt.Api.Monitor;
using Emqx.Mgmt.Api.Nodes;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Api.Plugins;
using Emqx.Mgmt.Api.Prometheus;
using Emqx.Mgmt.Api.Publish;
using Emqx.Mgmt.Api.Relup;
using Emqx.Mgmt.Api.Retainer;
using Emqx.Mgmt.Api.Rewrite;
using Emqx.Mgmt.Api.Routing;
using Emqx.Mgmt.Api.Schemas;
using Emqx.Mgmt.Api.Security;
using Emqx.Mgmt.Api.SlowSubs;
using Emqx.Mgmt.Api.Stats;
using Emqx.Mgmt.Api.Status;
using Emqx.Mgmt.Api.Subscriptions;
using Emqx.Mgmt.Api.Telemetry;
using Emqx.Mgmt.Api.TopicMetrics;
using Emqx.Mgmt.Api.Topics;
using Emqx.Mgmt.Api.Trace;
using Emqx.Mgmt.Web;

namespace Emqx.Mgmt.Api;

/// <summary>The table of contents of the management API: one line a group.</summary>
internal static class ManagementApi
{
    public const string Base = "/api/v5";

    /// <summary>What the groups need.</summary>
    public static IServiceCollection AddManagementApi(this IServiceCollection services)
    {
        services.AddApiPipeline().AddCredentials().AddOpenApi();

        services.AddDashboard();
        services.AddClients();
        services.AddPublish();
        services.AddCluster();
        services.AddAuthorizationRules();
        services.AddBanned();
        services.AddAlarms();
        services.AddSubscriptions();
        services.AddTopics();
        services.AddConfigs();
        services.AddDataBackup();
        services.AddSchemas();
        services.AddPrometheus();
        return services;
    }

    /// <summary>The pipeline, and all operations.</summary>
    public static WebApplication MapManagementApi(this WebApplication app)
    {
        app.MapRootStatus();
        app.UseApiPipeline(MapGroups);
        app.UseApiDocs();
        app.UseRootPage();
        app.Run(UnknownPath.AnswerAsync);
        return app;
    }

    private static void MapGroups(RouteGroupBuilder api)
    {
        // Open, or with policies of their own.
        api.MapErrorCodes();
        api.MapStatus();
        api.MapDashboard();
        api.MapSchemas();
        api.MapApiKeys();
        api.MapPrometheus();

        var closed = api.MapGroup("").RequireAuthorization(ApiPolicies.KeyOrToken);
        closed.MapClients();
        closed.MapPublish();
        closed.MapNodes();
        closed.MapCluster();
        closed.MapStats();
        closed.MapMetrics();
        closed.MapMonitor();
        closed.MapAuthorization();
        closed.MapBanned();
        closed.MapAuthentication();
        closed.MapAlarms();
        closed.MapDelayed();
        closed.MapAutoSubscribe();
        closed.MapSubscriptions();
        closed.MapTopics();
        closed.MapConfigs();
        closed.MapListeners();
        closed.MapDataBackup();
        closed.MapTelemetry();
        closed.MapRetainer();
        closed.MapTrace();
        closed.MapRewrite();
        closed.MapTopicMetrics();
        closed.MapSlowSubs();
        closed.MapPlugins();
        closed.MapRelup();
        closed.MapGateways();
        closed.MapExhook();
    }
}
