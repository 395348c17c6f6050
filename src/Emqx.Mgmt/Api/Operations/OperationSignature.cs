using System.Reflection;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>What the signature of an operation's handler says about parameters and answers. Slow; for the API's description and tests.</summary>
internal static class OperationSignature
{
    /// <summary>The metadata that the framework infers.</summary>
    public static IReadOnlyList<object> Of(RouteEndpoint endpoint, IServiceProvider services)
    {
        var builder = new RouteEndpointBuilder(null, endpoint.RoutePattern, order: 0) { ApplicationServices = services };
        RequestDelegateFactory.InferMetadata(endpoint.Metadata.GetRequiredMetadata<MethodInfo>(), LazyHandler.OptionsFor(builder));
        return [.. builder.Metadata];
    }
}
