using Emqx.Broker.Modules.AutoSubscribe;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.AutoSubscribe;

/// <summary>Auto subscribe: topics that every client is subscribed to when it connects.</summary>
internal static class AutoSubscribeEndpoints
{
    /// <summary>So many topics the list may have.</summary>
    private const int MostTopics = 20;

    public static void MapAutoSubscribe(this RouteGroupBuilder api)
    {
        var topics = api.MapGroup("/mqtt/auto_subscribe").WithTags("Auto Subscribe").WithJson<AutoSubscribeJson>();

        topics.MapGet("", ListAutoSubscribe);
        topics.MapPut("", PutAutoSubscribe).Fails(Failure.BadRequest, Failure.ExceedLimit, Failure.UnsupportedMediaType);
    }

    /// <summary>Lists the topics that every client is subscribed to when it connects.</summary>
    private static JsonAnswer<AutoSubscribeResponse[]> ListAutoSubscribe(SettingsRoot<AutoSubscribeSettings> settings) => Show(settings);

    /// <summary>Replaces the list of topics, at most 20. Clients that are connected keep what they have.</summary>
    private static async Task<Results<JsonAnswer<AutoSubscribeResponse[]>, ApiFailure>> PutAutoSubscribe(BodyList<AutoSubscribeRequest> request,
        ISettingsControl control, SettingsRoot<AutoSubscribeSettings> settings, CancellationToken cancellation)
    {
        if (request.Items.Count > MostTopics)
            return Failure.ExceedLimit.Because($"Max auto subscribe topic count is  {MostTopics}");
        var problems = await control.ChangeAsync<IReadOnlyList<Violation>>(present => new(Propose(request, present)), cancellation);
        return problems.Count > 0 ? Failure.BadRequest.Because(Violation.ToJson(problems)) : Show(settings);
    }

    private static JsonAnswer<AutoSubscribeResponse[]> Show(SettingsRoot<AutoSubscribeSettings> settings) =>
        Answer.Ok<AutoSubscribeResponse[]>([.. settings.Current.Topics.Select(AutoSubscribeResponse.From)]);

    private static SettingsProposal<IReadOnlyList<Violation>> Propose(BodyList<AutoSubscribeRequest> request, PresentSettings present)
    {
        var topics = new ConfigArray([.. request.Items.Select(static topic => topic.ToConfig())]);
        return present.Propose(AutoSubscribeRoot.Root, "root", new ConfigObject(new() { ["topics"] = topics }), Completion.Present);
    }
}
