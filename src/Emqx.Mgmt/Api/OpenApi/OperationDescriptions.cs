using Emqx.Mgmt.Api.Operations;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Shows the API's operations to Swashbuckle; the details follow in <see cref="OperationFilter"/>.</summary>
internal sealed class OperationDescriptions(ServerServices server) : IApiDescriptionGroupCollectionProvider
{
    public ApiDescriptionGroupCollection ApiDescriptionGroups { get; } =
        new([new ApiDescriptionGroup("v5", [.. Describe(server.Services.GetRequiredService<EndpointDataSource>())])], 1);

    private static IEnumerable<ApiDescription> Describe(EndpointDataSource source)
    {
        foreach (var endpoint in source.Endpoints.OfType<RouteEndpoint>())
        {
            var path = OperationPath.Of(endpoint.RoutePattern);
            if (!path.StartsWith(ManagementApi.Base, StringComparison.Ordinal) || endpoint.Metadata.GetMetadata<HiddenMetadata>() is not null)
                continue;

            yield return new ApiDescription
            {
                HttpMethod = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0],
                RelativePath = path[(ManagementApi.Base.Length + 1)..],
                ActionDescriptor = new EndpointDescriptor(endpoint),
            };
        }
    }
}

/// <summary>The endpoint behind a description.</summary>
internal sealed class EndpointDescriptor : ActionDescriptor
{
    public EndpointDescriptor(RouteEndpoint endpoint)
    {
        Endpoint = endpoint;
        DisplayName = endpoint.DisplayName;
        EndpointMetadata = [.. endpoint.Metadata];
        RouteValues["controller"] = endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags[0];
    }

    public RouteEndpoint Endpoint { get; }
}
