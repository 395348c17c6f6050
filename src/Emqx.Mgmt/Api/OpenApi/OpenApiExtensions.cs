namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Marks operations that are served but not described.</summary>
internal sealed record HiddenMetadata;

/// <summary>Declares what the API's description says beside the handler's signature and comment.</summary>
internal static class OpenApiExtensions
{
    /// <summary>The operation is served but not described, as EMQX does with a few.</summary>
    public static TBuilder Hidden<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new HiddenMetadata());
}
