using System.Reflection;
using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Mgmt.Api.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Prometheus;

/// <summary>Metrics: as Prometheus reads them, or as JSON for who accepts exactly <c>application/json</c>, as in EMQX.</summary>
internal sealed class PrometheusAnswer(IReadOnlyList<PrometheusGroup> groups, PrometheusMode mode, IReadOnlyList<NodeTagged<PrometheusSnapshot>> nodes)
    : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Request.Headers.Accept != Answer.ApplicationJson)
        {
            await RawAnswer.Text(PrometheusText.Write(groups, mode, nodes), StatusCodes.Status200OK).ExecuteAsync(httpContext);
            return;
        }

        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            PrometheusWriter.Write(writer, groups, mode, nodes);
        await RawAnswer.SendAsync(httpContext, StatusCodes.Status200OK, Answer.ApplicationJson, buffer.Memory);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(PrometheusMetrics), [Answer.PlainText, Answer.ApplicationJson]));
}
