using Emqx.Broker.Access.Authz.AclFile;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authz;

/// <summary>The root <c>authorization</c>: the sources of rules in the order in which they are asked, and what holds beside them.</summary>
internal static class AuthorizationRoot
{
    public const string Name = "authorization";
    public const string Sources = "sources";
    public const string Cache = "cache";

    private const string Allow = "allow";
    private const string Deny = "deny";
    private const string Ignore = "ignore";
    private const string Disconnect = "disconnect";

    private static readonly StructKind s_cache = Struct("broker.authz_cache",
        Field("enable", Flag, true).Says("Whether connections remember decisions."),
        Field("max_size", Range(1, 1_048_576), 32).Says("Decisions that a connection remembers at most."),
        Field("ttl", Duration, "1m").Says("How long a decision counts."),
        Field("excludes", ArrayOf(Text), ConfigArray.Empty).Says("Topic filters: decisions on topics that one of them selects are not remembered."));

    private static readonly StructField[] s_settings =
    [
        Field("no_match", Enum(Allow, Deny), Allow).Says("What becomes of what no source decides."),
        Field("deny_action", Enum(Ignore, Disconnect), Ignore).Says("What becomes of a client that is denied something."),
    ];

    public static readonly Root<AuthorizationSettings> Root = new(Name, TableOf(AuthzSourceCatalogue.All), Read)
    {
        ReadBy = new Dictionary<string, Type> { [Sources] = typeof(AuthzChain) },
    };

    /// <summary>What the API reads and changes apart from the sources; <see cref="Cache"/> has to be given.</summary>
    public static readonly StructKind Settings = new([.. s_settings, Required(Cache, s_cache)]) { IgnoresUnknown = true };

    /// <summary>The table of the root with sources of a catalogue.</summary>
    public static StructKind TableOf(AuthzSourceCatalogue catalogue) => Struct(
    [
        .. s_settings, Part(Cache, s_cache),
        Field(Sources, new AuthzSourcesKind(catalogue), new ConfigArray([AclFileSource.Default])).Says("Sources of rules, in the order in which they are asked."),
    ]);

    /// <summary>The sources of a value of the root.</summary>
    public static IReadOnlyList<ConfigValue> SourcesOf(ConfigValue? root) => EntryListKind.ItemsOf((root as ConfigObject)?[Sources]);

    /// <summary>The source of a type in a value of the root; null where there is none.</summary>
    public static ConfigObject? Find(ConfigValue? root, string type) =>
        SourcesOf(root).OfType<ConfigObject>().FirstOrDefault(source => source[AuthzSourcesKind.Type] is ConfigText { Text: var name } && name == type);

    private static AuthorizationSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var cache = read.Part(Cache);
        return new()
        {
            NoMatch = read.Text("no_match") == Deny ? NoMatch.Deny : NoMatch.Allow,
            DenyAction = read.Text("deny_action") == Disconnect ? DenyAction.Disconnect : DenyAction.Ignore,
            Cache = new() { Enable = cache.Flag("enable"), MaxSize = cache.Int("max_size"), Ttl = cache.Milliseconds("ttl"), Excludes = cache.Texts("excludes") },
        };
    }
}
