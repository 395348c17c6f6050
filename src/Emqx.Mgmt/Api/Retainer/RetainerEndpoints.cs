using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Configs;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Retainer;

/// <summary>Retained messages, and the settings of what keeps them.</summary>
internal static class RetainerEndpoints
{
    public static void MapRetainer(this RouteGroupBuilder api)
    {
        var retainer = api.MapGroup("/mqtt/retainer").WithTags("Retainer").WithJson<RetainerJson>();

        retainer.MapGet("", GetRetainerSettings).WithMetadata(RetainerRoot.Root);
        retainer.MapPut("", PutRetainerSettings).WithMetadata(RetainerRoot.Root).Fails(Failure.BadRequest, Failure.UpdateFailed);
        retainer.MapGet("/messages", ListRetainedMessages).WithPaging().Fails(Failure.BadRequest);
        retainer.MapDelete("/messages", DeleteAllRetainedMessages);
        retainer.MapGet("/message/{topic}", GetRetainedMessage).Fails(Failure.NotFound);
        retainer.MapDelete("/message/{topic}", DeleteRetainedMessages).Fails(Failure.NotFound);
    }

    /// <summary>Shows the settings of the retainer.</summary>
    private static JsonAnswer<RootDocument> GetRetainerSettings(RunningConfiguration running) => Show(running);

    /// <summary>Changes the settings of the retainer; fields left out stay, those inside <c>backend</c> get their defaults.</summary>
    private static async Task<Results<JsonAnswer<RootDocument>, ApiFailure>> PutRetainerSettings(RootRequest request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation)
    {
        var refusal = await control.ChangeAsync<ApiFailure?>(present => new(RetainerChange.Propose(request.Given, present)), cancellation);
        return refusal is not null ? refusal : Show(running);
    }

    /// <summary>Lists the retained messages, or those that a topic name or filter selects.</summary>
    private static async Task<PageRows<RetainedResponse>> ListRetainedMessages(PageQuery page, RetainedQuery query, IRetainedDirectory retained,
        TimeProvider time, CancellationToken cancellation)
    {
        var found = await retained.ListAsync(query.Topic, page.Skip, page.Limit, cancellation);
        RetainedResponse[] rows = [.. found.Messages.Select(message => RetainedResponse.From(message, time))];
        return new PageRows<RetainedResponse>(rows, found.Count, found.HasNext);
    }

    /// <summary>Clears all retained messages.</summary>
    private static async Task<NoContent> DeleteAllRetainedMessages(IRetainedControl retained, CancellationToken cancellation)
    {
        await retained.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Shows the message of a topic name, or the first one that a filter selects.</summary>
    /// <param name="topic">A topic name or filter, percent-encoded.</param>
    private static async Task<Results<JsonAnswer<RetainedDetailResponse>, ApiFailure>> GetRetainedMessage(string topic, IRetainedDirectory retained,
        TimeProvider time, CancellationToken cancellation) =>
        await retained.FindAsync(topic, cancellation) is { } message ? Answer.Ok(RetainedDetailResponse.From(message, time)) : NotFound();

    /// <summary>Clears the message of a topic name, or all that a filter selects.</summary>
    /// <param name="topic">A topic name or filter, percent-encoded.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteRetainedMessages(string topic, IRetainedControl retained,
        CancellationToken cancellation) =>
        await retained.DeleteAsync(topic, cancellation) ? Answer.NoContent() : NotFound();

    private static ApiFailure NotFound() => Failure.NotFound.Because("Viewed message doesn't exist");

    // What EMQX derives from delivery_rate is no field of this page.
    private static JsonAnswer<RootDocument> Show(RunningConfiguration running) => Answer.WrittenFrom<RootDocument, ConfigValue>(
        ((ConfigObject)running.Shown(RetainerRoot.Root.Name)).Without("flow_control"), static (writer, value) => ConfigJson.Write(writer, value));
}
