using Emqx.Broker.Access.Http;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Emqx.Drivers.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Redis;

/// <summary>What a configuration says of Redis; the same for authenticators and sources.</summary>
internal static class RedisFields
{
    /// <summary>The field of the command.</summary>
    public const string Command = "cmd";

    private const int DefaultPort = 6379;
    private const string Type = "redis_type";

    /// <summary>EMQX's: what an answer may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static readonly string[] s_types = ["single", "sentinel", "cluster"];

    /// <summary>The three forms of a configuration, which <c>redis_type</c> tells apart.</summary>
    /// <param name="names">EMQX's name of the forms, without the type: <c>authn.redis</c>.</param>
    /// <param name="own">What an entry of the list says beside Redis.</param>
    /// <param name="faultOf">What is wrong with a command, in EMQX's word; null where nothing is.</param>
    public static VariantKind Kind(string names, IEnumerable<StructField> own, Func<string, string?> faultOf)
    {
        StructKind[] forms = [.. s_types.Select(type => Struct($"{names}_{type}", [.. own.Concat(Of(type)).OrderBy(static field => field.Name, StringComparer.Ordinal)]))];
        return new(forms, given => given[Type] is ConfigText { Text: var type } && Array.IndexOf(s_types, type) is >= 0 and var at ? forms[at] : null,
            static (given, path) => Violation.Because(path, "unknown_redis_type", ("got", given[Type] ?? "undefined"), ("expected", "single | cluster | sentinel")),
            (kept, path) => faultOf(new SettingsReader(kept).Text(Command)) is { } fault ? Violation.Because($"{path}.{Command}", fault) : null);
    }

    /// <summary>What asks the Redis of a configuration that was checked.</summary>
    public static RedisBackend Connect(SettingsReader settings, IServiceProvider services)
    {
        var tls = ClientTlsSchema.Read(settings.Part("ssl"), services.GetRequiredService<ConfigPaths>());
        var form = (RedisForm)Array.IndexOf(s_types, settings.Text(Type));
        var servers = ServersOf(settings);
        return new(new RedisAddress(form, ServerList.Parse(servers, DefaultPort, out _), TextOf(settings, "sentinel"), (int)Math.Max(settings.Long("database"), 0), s_patience)
        {
            Username = TextOf(settings, "username"),
            Password = TextOf(settings, "password"),
            Tls = settings.Part("ssl").Flag("enable") ? host => ClientTls.OptionsOf(host, tls) : null,
        }, $"redis://{servers}", services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<RedisBackend>>());
    }

    private static IEnumerable<StructField> Of(string type)
    {
        var servers = new TextKind("string()", static text =>
        {
            ServerList.Parse(text, DefaultPort, out var problem);
            return problem;
        });
        yield return Hidden("auto_reconnect", Flag).Says("Without effect: lost connections are always made anew.") with { Deprecated = true };
        if (type != "cluster")
            yield return Field("database", Range(0, int.MaxValue), 0).Says("Number of the database.");
        yield return Optional("password", Text).Says("Password at Redis.") with { Secret = true };
        yield return Field("pool_size", Positive, 8).Says("Without effect: a server's commands share a connection, on which none waits for another's answer.");
        yield return Field(Type, Enum(type), type).Says("How the servers stand together.");
        if (type == "sentinel")
            yield return Required("sentinel", Text).Says("Name of the servers at the sentinels.");
        yield return type == "single"
            ? Required("server", servers).Says("host[:port].")
            : Required("servers", servers).Says("host[:port], commas between.");
        yield return Part("ssl", ClientTlsSchema.Kind).Says("TLS of the way there.");
        yield return Optional("username", Text).Says("User at Redis.");
    }

    private static string ServersOf(SettingsReader settings) => settings.Text(settings.Has("server") ? "server" : "servers");

    private static string? TextOf(SettingsReader settings, string name) => settings.Text(name) is { Length: > 0 } text ? text : null;
}
