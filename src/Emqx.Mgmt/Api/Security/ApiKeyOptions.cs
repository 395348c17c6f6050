using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Options of the API key scheme; it has none of its own.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions;
