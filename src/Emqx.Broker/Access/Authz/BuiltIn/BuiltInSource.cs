using Emqx.Broker.Protocol;
using Microsoft.Extensions.DependencyInjection;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>The rules of the built-in database as a source.</summary>
internal sealed class BuiltInSource(AuthzRuleDatabase database) : ILocalAuthzSource
{
    public const string TypeName = "built_in_database";
    public const string MaxRules = "max_rules";

    public static readonly AuthzSourceType Type = new(TypeName, [Field(MaxRules, Positive, 100).Says("Rules that a client, a user or everybody may have.")],
        static (_, services) => new BuiltInSource(services.GetRequiredService<AuthzRuleDatabase>()));

    public int RuleCount => database.Count;

    public AuthzVerdict Check(AuthorizeRequest request) => database.Check(request);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
