namespace Emqx.Mgmt.Api.Security;

/// <summary>Which credentials open an operation.</summary>
internal enum Credentials
{
    /// <summary>An API key or a dashboard token.</summary>
    Either,

    /// <summary>A dashboard token only.</summary>
    BearerOnly,

    /// <summary>None are needed, wrong ones are ignored.</summary>
    Open,
}

/// <summary>The credentials that an operation or group declares; the innermost declaration counts.</summary>
internal sealed record CredentialsMetadata(Credentials Credentials);

/// <summary>Declares credentials on operations and groups.</summary>
internal static class CredentialsExtensions
{
    /// <summary>Without a declaration an operation takes <see cref="Credentials.Either"/>.</summary>
    public static TBuilder With<TBuilder>(this TBuilder builder, Credentials credentials) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new CredentialsMetadata(credentials));

    /// <summary>What the endpoint asks for.</summary>
    public static Credentials CredentialsOf(this Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<CredentialsMetadata>()?.Credentials ?? Credentials.Either;
}
