using Emqx.Broker.Access.Authz;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>The rules of the built-in database, within what its source allows.</summary>
internal sealed class RuleBook(RunningConfiguration running, IAuthzRuleDirectory directory, IAuthzRuleControl control)
{
    public IAuthzRuleDirectory Directory => directory;

    public IAuthzRuleControl Control => control;

    /// <summary>What is answered while there is no such source; null where there is one.</summary>
    public ApiFailure? Missing => Source is null ? AuthzSourcesEndpoints.NotFound(BuiltInSource.TypeName) : null;

    /// <summary>Whether clients are held against the rules.</summary>
    public bool IsEnabled => Source is { } source && AuthzSourcesKind.IsEnabled(source);

    private ConfigObject? Source => AuthorizationRoot.Find(running.Value(AuthorizationRoot.Name), BuiltInSource.TypeName);

    private long MaxRules => Source is { } source ? new SettingsReader(source).Long(BuiltInSource.MaxRules) : 0;

    /// <summary>The rules of a request.</summary>
    public static AuthzRuleSet SetOf(AuthzSubject subject, string who, IReadOnlyList<AuthzRuleRequest> rules) => new(subject, who, [.. rules.Select(static rule => rule.ToRule())]);

    /// <summary>Adds rules of subjects that have none; not null: why not.</summary>
    /// <param name="kind">What EMQX calls a subject.</param>
    public async ValueTask<ApiFailure?> AddAsync(string kind, IReadOnlyList<AuthzRuleSet> sets, CancellationToken cancellation)
    {
        if (Missing is { } missing)
            return missing;
        foreach (var set in sets)
        {
            if (set.Rules.Count > MaxRules)
                return Failure.BadRequest.Because($"The rules length of {kind} '{set.Who}' exceeds the maximum limit.");
        }

        return await control.AddAsync(sets, cancellation) is { } known ? Failure.AlreadyExists.As(StatusCodes.Status409Conflict, $"{kind} '{known}' already exist") : null;
    }

    /// <summary>Puts rules in place of those of the subject; not null: why not.</summary>
    /// <param name="tooMany">What is said where there are too many.</param>
    public async ValueTask<ApiFailure?> PutAsync(AuthzRuleSet set, string tooMany, CancellationToken cancellation)
    {
        if (Missing is { } missing)
            return missing;
        if (set.Rules.Count > MaxRules)
            return Failure.BadRequest.Because(tooMany);
        await control.PutAsync(set, cancellation);
        return null;
    }
}
