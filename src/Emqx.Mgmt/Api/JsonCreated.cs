using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api;

/// <summary>201, with what was made as JSON.</summary>
internal sealed class JsonCreated<T>(T value) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status201Created;

    public Task ExecuteAsync(HttpContext httpContext) => Answer.Ok(value, StatusCodes.Status201Created).ExecuteAsync(httpContext);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(T), [Answer.ApplicationJson]));
}
