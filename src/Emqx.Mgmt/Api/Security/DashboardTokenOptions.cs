using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Options of the dashboard token scheme; the life of tokens is a setting, see <see cref="ApiSettings"/>.</summary>
internal sealed class DashboardTokenOptions : AuthenticationSchemeOptions;
