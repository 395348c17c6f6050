using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>dashboard</c>.</summary>
internal static class DashboardSchema
{
    private static readonly long s_acceptors = Environment.ProcessorCount;

    private static readonly StructKind s_http = Struct("dashboard.http", Listener("18083"));

    private static readonly StructKind s_https = Struct("dashboard.https",
        Listener("0", Part("ssl_options", ListenerSchemas.Tls(isWebSocket: true, "dashboard.ssl_options")).Says("TLS.")));

    private static readonly StructKind s_listeners = Struct("dashboard.listeners", Part("http", s_http).Says("Without TLS."), Optional("https", s_https).Says("With TLS."));

    private static readonly StructKind s_table = Struct("dashboard.dashboard",
        Part("listeners", s_listeners).Says("Where the HTTP side listens."),
        Field("default_username", Text, "admin") with { Hidden = true },
        Field("default_password", Text, "public").Says("Password of the first user, when that user is made.") with { Secret = true },
        Hidden("sample_interval", TimeoutDuration),
        Field("token_expired_time", Duration, "60m").Says("Life of a login token after its last use."),
        Field("cors", Flag, false).Says("Whether browsers may use the API from pages of other origins."),
        Field("swagger_support", Flag, true).Says("Whether this description and its page are served."),
        Hidden("i18n_lang", Enum("en", "zh")),
        Hidden("bootstrap_users_file", Text),
        Hidden("static_dir", Text));

    public static readonly Root<DashboardSettings> Root = new("dashboard", s_table, Read)
    {
        Completion = Completion.Present,
        Address = new("the settings of the HTTP side"),
    };

    private static DashboardSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var listeners = read.Part("listeners");
        return new(ReadListener(listeners, "http", hasTls: false), ReadListener(listeners, "https", hasTls: true), read.Text("default_username"), read.Text("default_password"),
            read.Milliseconds("token_expired_time"), read.Flag("cors"), read.Flag("swagger_support"), read.Text("static_dir"));
    }

    private static HttpListenerSettings ReadListener(SettingsReader listeners, string name, bool hasTls)
    {
        // The part of https is not there unless somebody has set it.
        var fields = listeners.Object(name) ?? s_https.Defaults;
        var read = new SettingsReader(fields);
        return new(fields, !read.Has("enable") || read.Flag("enable"), read.Bind("bind"), read.Int("backlog"), read.Flag("inet6"), read.Flag("ipv6_v6only"),
            hasTls ? ListenerReader.ReadTls(read.Part("ssl_options"), ConfigPaths.Verbatim) : null);
    }

    private static StructField[] Listener(string bind, params StructField[] options) =>
    [
        Hidden("enable", Flag),
        Field("bind", Kinds.Bind, long.Parse(bind, System.Globalization.CultureInfo.InvariantCulture))
            .Says("Port, or address and port; port 0: off."),
        .. options,
        Field("num_acceptors", Integer, s_acceptors).Says("Tasks that accept connections."),
        Field("max_connections", Integer, 512).Says("Most connections at a time."),
        Field("backlog", Integer, 1024).Says("Connections that may wait to be accepted."),
        Field("send_timeout", Duration, "10s").Says("How long sending an answer may take."),
        Field("inet6", Flag, false).Says("Whether IPv6 is used."),
        Field("ipv6_v6only", Flag, false).Says("Whether an IPv6 socket is for IPv6 only."),
        Field("proxy_header", Flag, false).Says("Whether connections begin with the header of the proxy protocol."),
    ];
}
