using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Schema;
using Microsoft.Extensions.DependencyInjection;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authn.Scram;

/// <summary>Users that the node keeps itself and that show a password without sending it: <c>scram:built_in_database</c>.</summary>
internal static class ScramDatabase
{
    /// <summary>Its settings, by their names.</summary>
    public const string Algorithm = "algorithm", IterationCount = "iteration_count";

    /// <summary>More would take seconds for each user that is made.</summary>
    private const long MostIterations = Pbkdf2Hash.MostRounds;

    public static readonly AuthenticatorType Type = new("scram", "built_in_database",
    [
        Field(Algorithm, Enum("sha256", "sha512"), "sha256").Says("The hash function; clients name it in their method, SCRAM-SHA-256 or SCRAM-SHA-512."),
        Field(IterationCount, new IntegerKind("non_neg_integer()", 0, MostIterations), 4096).Says("Rounds of PBKDF2; clients are told, and do them."),
    ], static (settings, services) => new ScramAuthenticator(new SettingsReader(settings), services.GetRequiredService<AuthnUsers>().Of(Type!.Id)!))
    {
        BodyName = "authn:scram",
        Users = new ScramUserForm(),
    };
}
