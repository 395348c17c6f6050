using Emqx.Broker.Cluster;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Delayed;

/// <summary>Delayed publishing: its settings, and the messages that wait.</summary>
internal static class DelayedEndpoints
{
    private const string RootName = "delayed";

    public static void MapDelayed(this RouteGroupBuilder api)
    {
        var delayed = api.MapGroup("/mqtt/delayed").WithTags("MQTT").WithJson<DelayedJson>();

        delayed.MapGet("", GetDelayed);
        delayed.MapPut("", PutDelayed).Fails(Failure.BadRequest, Failure.UnsupportedMediaType);
        delayed.MapGet("/messages", ListDelayedMessages).WithPaging().Fails(Failure.BadRequest);
        delayed.MapDelete("/messages/{topic}", DeleteDelayedMessagesOfTopic).Fails(Failure.InvalidTopicName, Failure.MessageNotFound);
        delayed.MapGet("/messages/{node}/{msgid}", GetDelayedMessage).Fails(Failure.MessageIdSchemaError, Failure.InvalidNode, Failure.MessageIdNotFound);
        delayed.MapDelete("/messages/{node}/{msgid}", DeleteDelayedMessage).Fails(Failure.MessageIdSchemaError, Failure.InvalidNode, Failure.MessageIdNotFound);
    }

    /// <summary>Shows the settings of delayed publishing.</summary>
    private static JsonAnswer<DelayedResponse> GetDelayed(SettingsRoot<DelayedSettings> settings) => Answer.Ok(DelayedResponse.From(settings.Current));

    /// <summary>Changes the settings of delayed publishing; what is left out stays. Turning it off deletes the messages that wait.</summary>
    private static async Task<Results<JsonAnswer<DelayedResponse>, ApiFailure>> PutDelayed(DelayedRequest request, ISettingsControl control,
        SettingsRoot<DelayedSettings> settings, IDelayedControl delayed, CancellationToken cancellation)
    {
        if (request.MaxDelayedMessages < 0)
            return Failure.BadRequest.Because("Max delayed must be equal or greater than 0");
        await control.ChangeAsync<bool>(present => new(Propose(request, present)), cancellation);
        var current = settings.Current;
        if (!current.Enable)
            await delayed.SettleAsync(cancellation);
        return Answer.Ok(DelayedResponse.From(current));
    }

    /// <summary>Lists the messages that wait, the last due first.</summary>
    private static async Task<PageRows<DelayedMessageResponse>> ListDelayedMessages(PageQuery page, IDelayedDirectory delayed, TimeProvider time,
        CancellationToken cancellation)
    {
        var found = await delayed.ListAsync(page.Skip, page.Limit, cancellation);
        DelayedMessageResponse[] rows = [.. found.Rows.Select(row => DelayedMessageResponse.From(row, time))];
        return new PageRows<DelayedMessageResponse>(rows, found.Total, page.Skip + rows.Length < found.Total);
    }

    /// <summary>Shows one message that waits, with its payload.</summary>
    /// <param name="node">Where it waits.</param>
    /// <param name="msgid">32 hexadecimal digits.</param>
    private static async Task<Results<JsonAnswer<DelayedMessageResponse>, ApiFailure>> GetDelayedMessage(string node, string msgid, INodeDirectory nodes,
        IDelayedDirectory delayed, TimeProvider time, CancellationToken cancellation)
    {
        if (await nodes.FindAsync(node, cancellation) is null)
            return NoNode(node);
        if (!MessageId.TryParse(msgid, out var id))
            return NoId(msgid);
        return await delayed.FindAsync(node, id, cancellation) is { } found
            ? Answer.Ok(DelayedMessageResponse.WithPayload(found, time))
            : NotFound(msgid);
    }

    /// <summary>Deletes one message that waits.</summary>
    /// <param name="node">Where it waits.</param>
    /// <param name="msgid">32 hexadecimal digits.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteDelayedMessage(string node, string msgid, INodeDirectory nodes,
        IDelayedControl delayed, CancellationToken cancellation)
    {
        if (!MessageId.TryParse(msgid, out var id))
            return NoId(msgid);
        if (await nodes.FindAsync(node, cancellation) is null)
            return NoNode(node);
        return await delayed.RemoveAsync(node, id, cancellation) ? Answer.NoContent() : NotFound(msgid);
    }

    /// <summary>Deletes all messages that wait for a topic.</summary>
    /// <param name="topic">A topic name, the real one.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteDelayedMessagesOfTopic(string topic, IDelayedControl delayed, CancellationToken cancellation)
    {
        if (TopicLevels.HasWildcard(topic))
            return Failure.InvalidTopicName.Because($"The topic name {topic} is invalid");
        return await delayed.RemoveTopicAsync(topic, cancellation) > 0
            ? Answer.NoContent()
            : Failure.MessageNotFound.Because($"Not found messages for {topic}");
    }

    private static SettingsProposal<bool> Propose(DelayedRequest request, PresentSettings present)
    {
        var given = new OrderedDictionary<string, ConfigValue>();
        if (request.Enable is { } enable)
            given["enable"] = enable;
        if (request.MaxDelayedMessages is { } most)
            given["max_delayed_messages"] = most;
        return present.Change(present.Catalogue.Find(RootName)!, RootName, new ConfigObject(given), Completion.Present, []) is { } change
            ? new([change], true)
            : new(false);
    }

    private static ApiFailure NoNode(string node) => Failure.InvalidNode.Because($"The node name {node} is invalid");

    private static ApiFailure NoId(string id) => Failure.MessageIdSchemaError.Because($"Message ID {id} schema error");

    private static ApiFailure NotFound(string id) => Failure.MessageIdNotFound.Because($"Message ID {id} not found");
}
