using Emqx.Mgmt.Api.Operations;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>Shows the API's operations to Swashbuckle; the details follow in <see cref="OperationFilter"/>.</summary>
internal sealed class OperationDescriptions(ApiOperations operations) : IApiDescriptionGroupCollectionProvider
{
    public ApiDescriptionGroupCollection ApiDescriptionGroups { get; } = new([new ApiDescriptionGroup("v5", [.. Describe(operations)])], 1);

    private static IEnumerable<ApiDescription> Describe(ApiOperations operations)
    {
        foreach (var (operation, endpoint) in operations.All.Zip(operations.Endpoints))
        {
            if (operation.Method == Operation.AnyMethod || endpoint.Metadata.GetMetadata<HiddenMetadata>() is not null) continue;
            if (!operation.Path.StartsWith(ManagementApi.Base, StringComparison.Ordinal)) continue;
            yield return new ApiDescription
            {
                HttpMethod = operation.Method,
                RelativePath = operation.Path[(ManagementApi.Base.Length + 1)..],
                ActionDescriptor = new ActionDescriptor
                {
                    DisplayName = endpoint.DisplayName,
                    EndpointMetadata = [.. endpoint.Metadata],
                    RouteValues = { ["controller"] = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.ITagsMetadata>()?.Tags[0] },
                },
            };
        }
    }
}
