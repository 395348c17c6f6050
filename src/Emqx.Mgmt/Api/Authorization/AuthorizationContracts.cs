using System.Text.Json.Serialization;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>What holds beside the sources.</summary>
[PlainList]
[Kind(typeof(AuthorizationSettingsKind))]
internal sealed record AuthorizationSettingsRequest(ConfigObject Fields) : IJsonBody<AuthorizationSettingsRequest>;

/// <summary>The settings of authorization; times stay as they are written.</summary>
internal sealed class AuthorizationSettingsKind : ConfigBodyKind
{
    public override ValueKind Shape => AuthorizationRoot.Settings;
}

/// <summary>An object that becomes a part of the configuration, and is checked as one: times and sizes stay as they are written.</summary>
internal abstract class ConfigBodyKind : OpenKind
{
    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var inspection = new Inspection(at.Path) { FirstOnly = at.FirstOnly };
        var kept = Shape.Check(value, inspection);
        foreach (var violation in inspection.Violations)
            at.Fail(violation);
        return kept;
    }
}

/// <summary>What holds beside the sources.</summary>
/// <param name="NoMatch">What becomes of what no source decides: <c>allow</c> or <c>deny</c>.</param>
/// <param name="DenyAction">What becomes of a client that is denied something: nothing (<c>ignore</c>), or its connection ends (<c>disconnect</c>).</param>
/// <param name="Cache">What connections remember.</param>
internal sealed record AuthorizationSettingsResponse(string NoMatch, string DenyAction, AuthorizationCacheResponse Cache);

/// <summary>What connections remember of decisions.</summary>
/// <param name="Enable">Whether anything is remembered.</param>
/// <param name="MaxSize">Decisions a connection.</param>
/// <param name="Ttl">How long one counts.</param>
/// <param name="Excludes">Topic filters: decisions on what one of them selects are not remembered.</param>
internal sealed record AuthorizationCacheResponse(bool Enable, int MaxSize, string Ttl, IReadOnlyList<string> Excludes);

[JsonSerializable(typeof(AuthorizationSettingsResponse))]
[JsonSerializable(typeof(AuthzSourceResponse))]
[JsonSerializable(typeof(AuthzSourcesResponse))]
[JsonSerializable(typeof(AuthzStatusResponse))]
[JsonSerializable(typeof(UserRulesResponse))]
[JsonSerializable(typeof(Paged<UserRulesResponse>))]
[JsonSerializable(typeof(ClientRulesResponse))]
[JsonSerializable(typeof(Paged<ClientRulesResponse>))]
[JsonSerializable(typeof(RulesResponse))]
internal sealed partial class AuthorizationJson : JsonSerializerContext;
