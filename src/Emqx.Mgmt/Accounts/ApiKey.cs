using System.Security.Claims;
using Emqx.Broker.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Accounts;

/// <summary>An API key in memory.</summary>
internal sealed class ApiKey(StoredApiKey stored)
{
    public StoredApiKey Stored => stored;

    /// <summary>What a request with this key runs as; made once.</summary>
    public AuthenticationTicket Ticket { get; } =
        new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, stored.Name)], ApiKeyDefaults.Scheme)), ApiKeyDefaults.Scheme);

    /// <summary>The time of expiry has passed.</summary>
    public bool IsExpired(DateTimeOffset now) => stored.ExpiresAt is { } end && end < now.ToUnixTimeSeconds();
}
