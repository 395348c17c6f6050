using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The <c>ssl</c> part of what connects to another system.</summary>
internal static class ClientTlsSchema
{
    /// <summary>No name is asked for, and none looked for.</summary>
    private const string Disable = "disable";

    public static readonly StructKind Kind = new(
    [
        Optional("cacertfile", Text).Says("Certificates of those who sign the peer's certificate, as PEM."),
        Hidden("cacerts", Flag),
        Optional("certfile", Text).Says("Own certificate, as PEM."),
        Field("ciphers", new CiphersKind(), ConfigArray.Empty).Says("Ciphers that are offered; none: the usual ones.") with { Form = ArrayOf(Text) },
        Field("depth", NotNegative, 10).Says("Most certificates between the peer's and a trusted one."),
        Field("enable", Flag, false).Says("Whether TLS is spoken."),
        Field("hibernate_after", Duration, "5s").Says("Idle time after which a connection gives up memory."),
        Optional("keyfile", new KeyFileKind()).Says("Key of the own certificate, as PEM."),
        Field("log_level", Enum("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug", "none", "all"), "notice")
            .Says("The lowest level of TLS that is logged."),
        Optional("password", Text).Says("Password of the key.") with { Secret = true },
        Field("reuse_sessions", Flag, true).Says("Whether TLS sessions may be taken up again."),
        Field("secure_renegotiate", Flag, true).Says("Whether renegotiation must be secure."),
        Optional("server_name_indication", new ChoiceKind(new SymbolKind(Disable), new TextKind("string()", NameProblem)))
            .Says("Name that is asked for and has to be in the peer's certificate; disable: none."),
        Hidden("user_lookup_fun", Text),
        Field("verify", Enum("verify_peer", "verify_none"), "verify_none").Says("Whether the peer's certificate is checked."),
        Field("versions", new ArrayKind(Enum("tlsv1.3", "tlsv1.2", "tlsv1.1", "tlsv1"), ListenerSchemas.VersionsProblem), new ConfigArray(["tlsv1.3", "tlsv1.2"]))
            .Says("TLS versions that are spoken.") with { Form = ArrayOf(Text) },
    ]) { Id = "emqx.ssl_client_opts" };

    /// <summary>Reads a part that was checked.</summary>
    public static ClientTlsSettings Read(SettingsReader read, ConfigPaths paths) => new(ListenerReader.ReadTls(read, paths), read.Text("server_name_indication") switch
    {
        "" => null,
        Disable => "",
        var name => name,
    });

    private static string? NameProblem(string name) => name.Length > 0 ? null : "empty string is not allowed";
}
