using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>dashboard</c>.</summary>
internal static class DashboardSchema
{
    private static readonly long s_acceptors = Environment.ProcessorCount;

    private static readonly StructKind s_http = Struct(Listener("18083"));

    private static readonly StructKind s_https = Struct([.. Listener("0"), Part("ssl_options", ListenerSchemas.Tls(isWebSocket: true))]);

    private static readonly StructKind s_listeners = Struct(Part("http", s_http), Optional("https", s_https));

    public static readonly StructKind Kind = Struct(
        Part("listeners", s_listeners),
        Field("default_username", Text, "admin") with { Hidden = true },
        Field("default_password", Text, "public") with { Secret = true },
        Hidden("sample_interval", TimeoutDuration),
        Field("token_expired_time", Duration, "60m"),
        Field("cors", Flag, false),
        Field("swagger_support", Flag, true),
        Hidden("i18n_lang", Enum("en", "zh")),
        Hidden("bootstrap_users_file", Text),
        Hidden("static_dir", Text));

    public static DashboardSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var http = read.Part("listeners").Part("http");
        return new(http.Bind("bind"), http.Int("max_connections"), read.Text("default_username"), read.Text("default_password"),
            read.Milliseconds("token_expired_time"), read.Flag("cors"), read.Flag("swagger_support"), read.Text("static_dir"));
    }

    private static SettingsField[] Listener(string bind) =>
    [
        Hidden("enable", Flag),
        Field("bind", Kinds.Bind, long.Parse(bind, System.Globalization.CultureInfo.InvariantCulture)),
        Field("num_acceptors", Integer, s_acceptors),
        Field("max_connections", Integer, 512),
        Field("backlog", Integer, 1024),
        Field("send_timeout", Duration, "10s"),
        Field("inet6", Flag, false),
        Field("ipv6_v6only", Flag, false),
        Field("proxy_header", Flag, false),
    ];
}
