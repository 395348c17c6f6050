using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Settings;
using Emqx.Mgmt.Api.Security;
using Microsoft.AspNetCore.Authorization;

namespace Emqx.Mgmt.Api.Prometheus;

/// <summary>Lets everybody read the metrics while <c>enable_basic_auth</c> is off, and who has an API key or a token while it is on.</summary>
internal sealed class ScrapingHandler(SettingsRoot<PrometheusSettings> settings) : AuthorizationHandler<ScrapingRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScrapingRequirement requirement)
    {
        if (!settings.Current.EnableBasicAuth || context.User.Identity is { IsAuthenticated: true })
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
