namespace Emqx.Mgmt.Api.Security;

/// <summary>What kind of Authorization header a request has.</summary>
internal enum AuthorizationScheme
{
    None,
    Basic,
    Bearer,

    /// <summary>Well-formed, but not taken here (Digest).</summary>
    Other,

    /// <summary>No scheme with a value.</summary>
    Malformed,
}
