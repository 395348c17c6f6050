using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The client side of TLS: EMQX's <c>ssl_client_opts</c>.</summary>
internal static class ExporterTls
{
    private const string NoServerName = "disable", PemBegin = "-----BEGIN";

    private static readonly ValueKind s_file = new FileKind();

    public static readonly StructKind Kind = Struct("ssl_client_opts",
        Optional("cacertfile", s_file).Says("Certificates of those who sign the other side's certificate, as PEM; none: those that the system trusts."),
        Hidden("cacerts", Flag),
        Optional("certfile", s_file).Says("Own certificate, as PEM."),
        Optional("keyfile", s_file).Says("Key of the certificate, as PEM."),
        Field("verify", Enum("verify_peer", "verify_none"), "verify_none").Says("Whether the other side's certificate is checked."),
        Field("reuse_sessions", Flag, true).Says("Whether TLS sessions may be taken up again."),
        Field("depth", NotNegative, 10).Says("Most certificates between the other side's and a trusted one."),
        Optional("password", Text).Says("Password of the key.") with { Secret = true },
        Field("versions", ArrayOf(Enum("tlsv1.3", "tlsv1.2", "tlsv1.1", "tlsv1")), new ConfigArray(["tlsv1.3", "tlsv1.2"])).Says("TLS versions that are spoken."),
        Field("ciphers", new CiphersKind(), ConfigArray.Empty).Says("Ciphers that are offered; none: the usual ones."),
        Field("secure_renegotiate", Flag, true).Says("Whether renegotiation must be secure."),
        Field("log_level", Enum("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug", "none", "all"), "notice")
            .Says("The lowest level of TLS that is logged."),
        Field("hibernate_after", Duration, "5s").Says("Idle time after which a connection gives up memory."),
        Field("enable", Flag, false).Says("Whether TLS is spoken."),
        Optional("server_name_indication", Text).Says("Name of the other side, if it is not that of the address; disable: any is good."),
        Hidden("user_lookup_fun", Text));

    public static ExporterTlsSettings Read(SettingsReader read) => new(
        read.Text("cacertfile"), read.Text("certfile"), read.Text("keyfile"), read.Text("password"), read.Text("verify") == "verify_peer",
        read.Text("server_name_indication") switch { "" => null, NoServerName => "", var name => name },
        read.Texts("versions"), read.Texts("ciphers"), read.Int("depth"));

    /// <summary>The name of a file. What EMQX takes beside it, the text of a key, is told to nobody.</summary>
    private sealed class FileKind() : TextKind("string()")
    {
        public override ConfigValue? Check(ConfigValue value, Inspection at) =>
            value is ConfigText { Text: var text } && text.Contains(PemBegin, StringComparison.Ordinal)
                ? at.Wrong("******", "the name of a file is wanted")
                : base.Check(value, at);
    }
}
