using Emqx.Broker.Modules.TopicMetrics;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.TopicMetrics;

/// <summary>Metrics of single topics.</summary>
internal static class TopicMetricsEndpoints
{
    public static void MapTopicMetrics(this RouteGroupBuilder api)
    {
        var metrics = api.MapGroup("/mqtt/topic_metrics").WithTags("MQTT").WithJson<TopicMetricsJson>();

        metrics.MapGet("", ListTopicMetrics);
        metrics.MapPost("", CreateTopicMetrics).Fails(Failure.BadRequest, Failure.BadTopic, Failure.ExceedLimit);
        metrics.MapPut("", ResetTopicMetrics).Fails(Failure.BadRequest, Failure.TopicNotFound);
        metrics.MapGet("/{topic}", GetTopicMetrics).Fails(Failure.TopicNotFound);
        metrics.MapDelete("/{topic}", DeleteTopicMetrics).Fails(Failure.TopicNotFound);
    }

    /// <summary>Lists the topics that are measured, with their counters.</summary>
    private static async Task<JsonAnswer<List<TopicMetricsResponse>>> ListTopicMetrics(ITopicMetricsDirectory metrics, TimeProvider time,
        CancellationToken cancellation) =>
        Answer.WrittenFrom<List<TopicMetricsResponse>, TopicReadings>(new(await metrics.ListAsync(cancellation), time), TopicMetricsWriter.WriteAll);

    /// <summary>Measures a topic from now on; at most 512 are.</summary>
    private static async Task<Results<JsonAnswer<TopicMetricsResponse>, ApiFailure>> CreateTopicMetrics(TopicMetricsRequest request,
        ITopicMetricsControl control, ITopicMetricsDirectory metrics, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Topic.Length == 0)
            return Failure.BadRequest.Because("Topic can not be empty");
        return await control.RegisterAsync(request.Topic, cancellation) switch
        {
            TopicRegistration.AlreadyRegistered => Failure.BadTopic.Because("Topic already registered"),
            TopicRegistration.BadTopic => Failure.BadTopic.Because("Wildcard topic is not supported"),
            TopicRegistration.TooMany => Failure.ExceedLimit.Because($"Max topic metrics count is {TopicMetricsRoot.MostTopics}"),
            _ => await ShowAsync(request.Topic, metrics, time, cancellation),
        };
    }

    /// <summary>Has the counters of one topic, or of all, count from zero again; answers with them.</summary>
    private static async Task<Results<JsonAnswer<TopicMetricsResponse>, JsonAnswer<List<TopicMetricsResponse>>, ApiFailure>> ResetTopicMetrics(
        TopicMetricsResetRequest request, ITopicMetricsControl control, ITopicMetricsDirectory metrics, TimeProvider time, CancellationToken cancellation)
    {
        await control.RestartAsync(request.Topic, cancellation);
        if (request.Topic is null)
            return await ListTopicMetrics(metrics, time, cancellation);
        return (await ShowAsync(request.Topic, metrics, time, cancellation)).Result is JsonAnswer<TopicMetricsResponse> shown ? shown : NotFound();
    }

    /// <summary>Shows the counters of one topic.</summary>
    /// <param name="topic">The topic, percent-encoded.</param>
    private static Task<Results<JsonAnswer<TopicMetricsResponse>, ApiFailure>> GetTopicMetrics(string topic, ITopicMetricsDirectory metrics,
        TimeProvider time, CancellationToken cancellation) => ShowAsync(topic, metrics, time, cancellation);

    /// <summary>Measures a topic no longer.</summary>
    /// <param name="topic">The topic, percent-encoded.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteTopicMetrics(string topic, ITopicMetricsControl control, CancellationToken cancellation) =>
        await control.DeregisterAsync(topic, cancellation) ? Answer.NoContent() : NotFound();

    private static async Task<Results<JsonAnswer<TopicMetricsResponse>, ApiFailure>> ShowAsync(string topic, ITopicMetricsDirectory metrics, TimeProvider time,
        CancellationToken cancellation) =>
        await metrics.FindAsync(topic, cancellation) is { } found
            ? Answer.WrittenFrom<TopicMetricsResponse, TopicReadings>(new([found], time), TopicMetricsWriter.WriteOne)
            : NotFound();

    private static ApiFailure NotFound() => Failure.TopicNotFound.Because("Topic not found");
}
