using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Options of the dashboard token scheme; the life of tokens is a setting, see EMQX.s <c>dashboard.token_expired_time</c>.</summary>
internal sealed class DashboardTokenOptions : AuthenticationSchemeOptions;
