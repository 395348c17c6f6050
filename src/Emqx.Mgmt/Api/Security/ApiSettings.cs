namespace Emqx.Mgmt.Api.Security;

/// <summary>The settings of the roots <c>dashboard</c> and <c>api_key</c> that the HTTP side acts on.</summary>
internal sealed record ApiSettings
{
    /// <summary>Made at start where no user has this name.</summary>
    public string DefaultUsername { get; init; } = "admin";
    public string DefaultPassword { get; init; } = "public";

    /// <summary>Life of a token, counted from its last use.</summary>
    public TimeSpan TokenExpiredTime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Every answer to a request with an Origin allows all origins.</summary>
    public bool Cors { get; init; }

    /// <summary>Serve the API's description.</summary>
    public bool SwaggerSupport { get; init; } = true;

    /// <summary><c>api_key.bootstrap_file</c>; "" for none.</summary>
    public string BootstrapFile { get; init; } = "";
}
