using Emqx.Broker.Modules.Rewrite;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Rewrite;

/// <summary>Topic rewriting.</summary>
internal static class RewriteEndpoints
{
    /// <summary>EMQX's message has one more than it takes.</summary>
    private const int TooManyRules = 20;

    private static readonly Failure s_tooMany = Failure.ExceedLimit.At(StatusCodes.Status413PayloadTooLarge);

    public static void MapRewrite(this RouteGroupBuilder api)
    {
        var rewrite = api.MapGroup("/mqtt/topic_rewrite").WithTags("MQTT").WithJson<RewriteJson>();

        rewrite.MapGet("", ListRewriteRules);
        rewrite.MapPut("", PutRewriteRules).Fails(Failure.BadRequest, s_tooMany);
    }

    /// <summary>Lists the rules by which topics are rewritten.</summary>
    private static JsonAnswer<List<RewriteRuleResponse>> ListRewriteRules(RunningConfiguration running) =>
        Answer.Ok(((running.Value(RewriteRoot.Name) as ConfigArray)?.Items ?? []).Select(static rule => Show(new SettingsReader((ConfigObject)rule))).ToList());

    /// <summary>Replaces the rules, at most 19; new messages and subscriptions follow them.</summary>
    private static async Task<Results<JsonAnswer<List<RewriteRuleResponse>>, ApiFailure>> PutRewriteRules(RewriteRequest request, ISettingsControl control,
        RunningConfiguration running, CancellationToken cancellation)
    {
        if (request.Rules.Items.Count >= TooManyRules)
            return s_tooMany.Because($"Max rewrite rules count is {TooManyRules}");
        var problems = await control.ChangeAsync<IReadOnlyList<Violation>>(present => new(Propose(request.Rules, present)), cancellation);
        return problems.Count == 0 ? ListRewriteRules(running) : Failure.BadRequest.Because(Told(problems, request.Rules));
    }

    private static SettingsProposal<IReadOnlyList<Violation>> Propose(ConfigArray rules, PresentSettings present) =>
        present.Propose(present.Catalogue.Find(RewriteRoot.Name)!, RewriteRoot.Name, rules, Completion.Defaults);

    /// <summary>EMQX tells of destinations with wildcards in words, when nothing else is wrong.</summary>
    private static string Told(IReadOnlyList<Violation> problems, ConfigArray rules) => problems[0].Body["reason"] is ConfigText { Text: RewriteRoot.WildcardDestination }
        ? $"Cannot use wildcard for destination topic. Invalid topics: [{string.Join(',', RewriteRoot.BadDestinations(rules).Select(static topic => $"<<\"{topic}\">>"))}]"
        : Violation.ToJson(problems);

    private static RewriteRuleResponse Show(SettingsReader rule) => new(rule.Text("action"), rule.Text("dest_topic"), rule.Text("re"), rule.Text("source_topic"));
}
