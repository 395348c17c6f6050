using Emqx.Broker.Cluster;
using Emqx.Broker.Modules.SlowSubs;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.SlowSubs;

/// <summary>Slow subscriptions: clients and topics whose deliveries take long.</summary>
internal static class SlowSubsEndpoints
{
    /// <summary>EMQX tells of so many, whatever nodes have found.</summary>
    private const int MostListed = 1000;

    public static void MapSlowSubs(this RouteGroupBuilder api)
    {
        var slow = api.MapGroup("/slow_subscriptions").WithTags("Slow Subscriptions").WithJson<SlowSubsJson>();

        slow.MapGet("", ListSlowSubscriptions);
        slow.MapDelete("", DeleteSlowSubscriptions);
        slow.MapGet("/settings", GetSlowSubsSettings);
        slow.MapPut("/settings", PutSlowSubsSettings).Fails(Failure.BadRequest);
    }

    /// <summary>Lists the slowest deliveries, one for each client and topic; page and limit are ignored.</summary>
    private static async Task<JsonAnswer<SlowSubscriptionsResponse>> ListSlowSubscriptions(ISlowSubscriptionDirectory slow, CancellationToken cancellation)
    {
        var found = await slow.ListAsync(cancellation);
        return Answer.Ok(new SlowSubscriptionsResponse([.. found.Take(MostListed).Select(Show)]));
    }

    /// <summary>Forgets the slow deliveries.</summary>
    private static async Task<NoContent> DeleteSlowSubscriptions(ISlowSubscriptionControl slow, CancellationToken cancellation)
    {
        await slow.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Shows how slow deliveries are looked for.</summary>
    private static JsonAnswer<SlowSubsSettingsResponse> GetSlowSubsSettings(RunningConfiguration running) =>
        Answer.WrittenFrom<SlowSubsSettingsResponse, ConfigObject>(InOrder(running[SlowSubsRoot.Name]), static (json, value) => ConfigJson.Write(json, value));

    /// <summary>Changes how slow deliveries are looked for; what is left out stays.</summary>
    private static async Task<Results<JsonAnswer<SlowSubsSettingsResponse>, ApiFailure>> PutSlowSubsSettings(SlowSubsRequest request, ISettingsControl control,
        RunningConfiguration running, CancellationToken cancellation)
    {
        var problems = await control.ChangeAsync<IReadOnlyList<Violation>>(present => new(present.Propose(SlowSubsRoot.Root, SlowSubsRoot.Name, request.Given, Completion.Present)), cancellation);
        return problems.Count == 0 ? GetSlowSubsSettings(running) : Failure.BadRequest.Because(Violation.ToJson(problems));
    }

    /// <summary>Names in the order in which EMQX has them.</summary>
    private static ConfigObject InOrder(ConfigObject fields) => new([.. fields.OrderBy(static field => field.Key, StringComparer.Ordinal)], fields.Count);

    private static SlowSubscriptionResponse Show(NodeTagged<SlowDelivery> slow) =>
        new(slow.Value.ClientId, slow.Value.At, slow.Node, slow.Value.Timespan, slow.Value.Topic);
}
