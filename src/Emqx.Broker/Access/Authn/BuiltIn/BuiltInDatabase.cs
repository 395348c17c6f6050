using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Schema;
using Microsoft.Extensions.DependencyInjection;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authn.BuiltIn;

/// <summary>Users and passwords that the node keeps itself: <c>password_based:built_in_database</c>.</summary>
internal static class BuiltInDatabase
{
    public const string Mechanism = "password_based";
    public const string Backend = "built_in_database";

    /// <summary>Its settings, by their names.</summary>
    public const string UserIdType = "user_id_type", Algorithm = "password_hash_algorithm", BootstrapFile = "bootstrap_file", BootstrapType = "bootstrap_type";

    public static readonly AuthenticatorType Type = new(Mechanism, Backend,
        Fields(Field(Algorithm, PasswordHashKind.Configuration, PasswordHashKind.Default)),
        static (settings, services) => new BuiltInAuthenticator(new SettingsReader(settings),
            services.GetRequiredService<AuthnUsers>().Of(Type!.Id)!, services.GetRequiredService<HashingThreads>()))
    {
        BodyName = "authn:builtin_db_api",
        BodyFields = Fields(Required(Algorithm, PasswordHashKind.Body)),
        Users = new PasswordUserForm(),
    };

    private static StructField[] Fields(StructField algorithm) =>
    [
        algorithm.Says("How passwords are hashed."),
        Field(UserIdType, Enum("clientid", "username"), "username").Says("What of a client is its user's id."),
        Field(BootstrapFile, Text, "${EMQX_ETC_DIR}/auth-built-in-db-bootstrap.csv").Says("A file (.csv or .json) of users that are there from the start; those that are there already stay as they are."),
        Field(BootstrapType, Enum("hash", "plain"), "plain").Says("What that file has: passwords, or hashes with their salts."),
    ];
}
