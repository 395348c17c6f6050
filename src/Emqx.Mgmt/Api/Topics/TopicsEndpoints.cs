using System.Text.Json.Serialization;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using TopicPage = Emqx.Mgmt.Api.Json.RowAnswer<Emqx.Mgmt.Api.Paging.Paged<Emqx.Mgmt.Api.Topics.TopicResponse>, Emqx.Broker.Routing.TopicRow, bool>;

namespace Emqx.Mgmt.Api.Topics;

/// <summary>Topics: the filters that somebody has subscribed to.</summary>
internal static class TopicsEndpoints
{
    private const int TypicalRow = 80;

    public static IServiceCollection AddTopics(this IServiceCollection services) => services.AddSingleton<IValidator<TopicQuery>, TopicQueryValidator>();

    public static void MapTopics(this RouteGroupBuilder api)
    {
        var topics = api.MapGroup("/topics").WithTags("Topics").WithJson<TopicsJson>();

        topics.MapGet("", ListTopics).WithPaging().Fails(Failure.BadRequest, Failure.InvalidParamter);
        topics.MapGet("/{topic}", GetTopic).Fails(Failure.TopicNotFound);
    }

    /// <summary>Lists the distinct filters with a subscriber, for each node.</summary>
    private static async Task<TopicPage> ListTopics(PageQuery page, TopicQuery query, ITopicDirectory topics, CancellationToken cancel)
    {
        var topic = query.Topic is not null && TryParse(query.Topic, out var filter) ? filter : null;
        var rows = await topics.ListAsync(topic, query.Node, page.Number, page.Limit, cancel);
        return new TopicPage(rows, false, Write, TypicalRow);
    }

    /// <summary>Shows which nodes have a subscriber for exactly this filter.</summary>
    /// <param name="topic">The filter; slashes percent-encoded.</param>
    private static async Task<Results<JsonAnswer<IReadOnlyList<TopicResponse>>, ApiFailure>> GetTopic(string topic, ITopicDirectory topics, CancellationToken cancel)
    {
        var found = TryParse(topic, out var filter) ? await topics.FindAsync(filter!, cancel) : [];
        return found.Count == 0
            ? Failure.TopicNotFound.Because("Topic not found")
            : Answer.Ok<IReadOnlyList<TopicResponse>>([.. found.Select(one => new TopicResponse(one.Topic, one.Node))]);
    }

    /// <summary>Reads a filter.</summary>
    internal static bool TryParse(string text, out TopicFilter? filter)
    {
        try
        {
            filter = TopicFilter.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            filter = null;
            return false;
        }
    }

    private static void Write(RowBuffer json, in TopicRow row, bool state)
    {
        json.Raw("{\"topic\":"u8);
        json.Text(row.Topic);
        json.Raw(",\"node\":"u8);
        json.Text(row.Node);
        json.Byte((byte)'}');
    }
}

/// <summary>Which topics are listed.</summary>
/// <param name="Topic">Exactly this filter.</param>
/// <param name="Node">Of this node only.</param>
internal sealed record TopicQuery(string? Topic = null, string? Node = null) : IQueryString<TopicQuery>;

/// <summary>A filter that somebody has subscribed to.</summary>
/// <param name="Topic">The filter in full, <c>$share/group/</c> included.</param>
/// <param name="Node">A node with a subscriber.</param>
internal sealed record TopicResponse(string Topic, string Node);

[JsonSerializable(typeof(Paged<TopicResponse>))]
[JsonSerializable(typeof(IReadOnlyList<TopicResponse>))]
internal sealed partial class TopicsJson : JsonSerializerContext;
