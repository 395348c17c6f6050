using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Settings.Roots;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Sql;

/// <summary>What a configuration says of a database; nearly the same for all systems, for authenticators and sources.</summary>
internal static class SqlFields
{
    public const string Query = "query", Algorithm = "password_hash_algorithm";

    private const string Server = "server", Database = "database", Username = "username", Password = "password", PoolSize = "pool_size", Ssl = "ssl";
    private const string QueryTimeout = "query_timeout", NotPrepared = "disable_prepared_statements";
    private const int MostConnections = 1024;
    private const long LongestTime = 24 * 60 * 60 * 1000; // milliseconds

    /// <summary>Of an authenticator.</summary>
    /// <param name="own">Fields that this system alone has.</param>
    public static StructKind Authenticator(string mechanism, string backend, params StructField[] own) => Struct($"authn.{backend}",
        Sorted(AuthenticatorType.CommonFields(mechanism, backend).Concat(Common()).Concat(own).Concat(
        [
            Field(Algorithm, PasswordHashKind.Verified, PasswordHashKind.Default).Says("How passwords are hashed there."),
            Required(Query, new TextKind("string()")).Says("The query for a client's user: password_hash, and salt and is_superuser where there are such; places like ${username} are sent as its parameters."),
        ])));

    /// <summary>Of a source.</summary>
    public static StructKind Source(string type, params StructField[] own) => Struct($"authz.{type}",
        Sorted(AuthzSourceType.CommonFields(type).Concat(Common()).Concat(own).Concat(
        [
            Optional("prepare_statement", Open).Says("Without effect: the query is prepared as it is."),
            Required(Query, new TextKind("binary()", static query => query.Length > 0 ? null : "Request query"))
                .Says("The query for a client's rules: permission, action and topic, and qos and retain where there are such; places like ${username} are sent as its parameters."),
        ])));

    /// <summary>The user that connects, of a system that has no usual one.</summary>
    public static StructField RequiredUsername => Required(Username, Text).Says("The user that connects.");

    /// <summary>Whether queries are sent as they are, for what can not bear prepared ones.</summary>
    public static StructField WithoutPreparing => Field(NotPrepared, Flag, false).Says("Whether queries are sent without being prepared, which some poolers do not bear.");

    /// <summary>Reads a configuration that was checked.</summary>
    public static SqlBackendSettings Read(SettingsReader settings, int defaultPort, ConfigPaths paths) => new(
        ServerList.Parse(settings.Text(Server), defaultPort, out _)[0],
        settings.Text(Database),
        settings.Text(Username),
        settings.Text(Password),
        Math.Min(settings.Int(PoolSize), MostConnections),
        settings.Has(QueryTimeout) ? TimeSpan.FromMilliseconds(Math.Clamp(settings.Milliseconds(QueryTimeout), 1, LongestTime)) : SqlBackend.Patience,
        settings.Part(Ssl).Flag("enable") ? ClientTlsSchema.Read(settings.Part(Ssl), paths) : null,
        Prepares: !settings.Flag(NotPrepared));

    private static IEnumerable<StructField> Common() =>
    [
        Hidden("auto_reconnect", Flag),
        Required(Database, new TextKind("binary()", static name => name.Length > 0 ? null : $"the value of the field '{Database}' cannot be empty")).Says("Its name."),
        Optional(Password, Text).Says("The password of the user that connects.") with { Secret = true },
        Field(PoolSize, Positive, 8).Says($"Most connections, {MostConnections} at most; queries that find none free wait."),
        Required(Server, new TextKind("string()", ServerProblem)).Says("Where it is: host:port, or the host alone."),
        Part(Ssl, ClientTlsSchema.Kind).Says("TLS of the way there."),
    ];

    private static string? ServerProblem(string text)
    {
        var servers = ServerList.Parse(text, defaultPort: 1, out var problem);
        if (problem is not null)
            return problem;
        if (servers.Count != 1)
            return $"expecting_one_host_but_got: {servers.Count}";
        return servers[0].Host.Contains('/', StringComparison.Ordinal) ? "bad_host_port" : null; // drivers take it for a socket's file
    }

    private static StructField[] Sorted(IEnumerable<StructField> fields) => [.. fields.OrderBy(static field => field.Name, StringComparer.Ordinal)];
}
