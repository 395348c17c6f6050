using System.Reflection;
using Emqx.Mgmt.Api.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Publish;

/// <summary>The answer to one message.</summary>
internal sealed class PublishAnswer(PublishVerdict verdict) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private const int Room = 128;

    public int? StatusCode => verdict.HttpStatus;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var json = new RowBuffer(Room, RowTime.Unused);
        verdict.Write(json);
        await RawAnswer.SendAsync(httpContext, verdict.HttpStatus, Answer.ApplicationJson, json.Memory);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(PublishedResponse), [Answer.ApplicationJson]));
        PublishMetadata.AddRefusals(builder);
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(NotPublishedResponse), [Answer.ApplicationJson]));
    }
}

/// <summary>The answer to many messages: what came of each, in order. The status is that of the worst.</summary>
internal sealed class PublishBulkAnswer(PublishVerdict[] verdicts) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private const int Room = 48;

    public int? StatusCode => Status;

    private int Status
    {
        get
        {
            var worst = StatusCodes.Status200OK;
            foreach (var verdict in verdicts)
                worst = Math.Max(worst, verdict.HttpStatus);
            return worst;
        }
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var json = new RowBuffer(Room * (verdicts.Length + 1), RowTime.Unused);
        Write(json);
        await RawAnswer.SendAsync(httpContext, Status, Answer.ApplicationJson, json.Memory);
    }

    private void Write(RowBuffer json)
    {
        json.Byte((byte)'[');
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (i > 0)
                json.Byte((byte)',');
            verdicts[i].Write(json);
        }

        json.Byte((byte)']');
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (var status in new[] { StatusCodes.Status200OK, StatusCodes.Status202Accepted })
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(IReadOnlyList<PublishOutcomeResponse>), [Answer.ApplicationJson]));
        PublishMetadata.AddRefusals(builder);
    }
}

/// <summary>What single and many messages have in common in the API's description.</summary>
internal static class PublishMetadata
{
    public static void AddRefusals(EndpointBuilder builder)
    {
        foreach (var status in new[] { StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable })
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(NotPublishedResponse), [Answer.ApplicationJson]));
    }
}
