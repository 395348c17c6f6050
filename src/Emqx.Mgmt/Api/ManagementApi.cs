using Emqx.Mgmt.Api.Alarms;
using Emqx.Mgmt.Api.ApiKeys;
using Emqx.Mgmt.Api.Banned;
using Emqx.Mgmt.Api.Clients;
using Emqx.Mgmt.Api.Cluster;
using Emqx.Mgmt.Api.Configs;
using Emqx.Mgmt.Api.Dashboard;
using Emqx.Mgmt.Api.DataBackup;
using Emqx.Mgmt.Api.ErrorCodes;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Listeners;
using Emqx.Mgmt.Api.Metrics;
using Emqx.Mgmt.Api.Monitor;
using Emqx.Mgmt.Api.Nodes;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Api.Operations;
using Emqx.Mgmt.Api.Publish;
using Emqx.Mgmt.Api.Routing;
using Emqx.Mgmt.Api.Security;
using Emqx.Mgmt.Api.Stats;
using Emqx.Mgmt.Api.Status;
using Emqx.Mgmt.Api.Subscriptions;
using Emqx.Mgmt.Api.Topics;
using Emqx.Mgmt.Api.Validation;
using Emqx.Mgmt.Web;

namespace Emqx.Mgmt.Api;

/// <summary>The table of contents of the management API: one line a group.</summary>
internal static class ManagementApi
{
    public const string Base = "/api/v5";

    /// <summary>What the groups need.</summary>
    public static IServiceCollection AddManagementApi(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, EmqxProblemDetailsMapper>().AddProblemDetails();
        services.AddExceptionHandler(options => options.StatusCodeSelector = static error => error is BadHttpRequestException refused ? refused.StatusCode : 500);
        services.AddSingleton<RequestSchemas>().AddSingleton<RequestBinder>().AddApiJson();
        services.AddSingleton(static services => new ApiOperations(Map, services));

        services.AddCredentials().AddOpenApi();

        services.AddClients();
        services.AddErrorCodes();
        services.AddPublish();
        services.AddStatus();
        services.AddDashboard();
        services.AddApiKeyOperations();
        services.AddNodes();
        services.AddCluster();
        services.AddStats();
        MetricsEndpoints.AddMetrics(services);
        services.AddMonitor();
        services.AddBanned();
        services.AddAlarms();
        services.AddSubscriptions();
        services.AddTopics();
        services.AddConfigs();
        services.AddListenerOperations();
        services.AddDataBackup();
        return services;
    }

    private static void Map(ApiGroup root)
    {
        var api = root.MapGroup(Base);

        api.MapClients();
        api.MapErrorCodes();
        api.MapPublish();
        api.MapStatus();
        api.MapNodes();
        api.MapCluster();
        api.MapStats();
        api.MapMetrics();
        api.MapMonitor();
        api.MapBanned();
        api.MapAlarms();
        api.MapSubscriptions();
        api.MapTopics();
        api.MapConfigs();
        api.MapListeners();
        api.MapDataBackup();
        root.MapRootStatus();
        api.MapDashboard();
        api.MapApiKeys();
    }

    /// <summary>The pipeline: checks in EMQX's order, then the operation.</summary>
    public static WebApplication MapManagementApi(this WebApplication app)
    {
        var operations = app.Services.GetRequiredService<ApiOperations>();
        app.UseExceptionHandler();
        app.UseMiddleware<ApiRouting>(operations.Router);
        app.UseMiddleware<CredentialsCheck>();
        app.Use(static next => context => context.GetEndpoint()?.RequestDelegate is { } run ? run(context) : next(context));
        app.UseApiDocs();
        app.UseRootPage();
        app.Run(UnknownPath.AnswerAsync);
        return app;
    }
}
