using System.Text;
using Emqx.Broker.Access.Http;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>The authenticator <c>jwt</c>: its three forms, and how one is made.</summary>
internal static class JwtType
{
    private const string Mechanism = "jwt";
    private const string UseJwks = "use_jwks", PublicKey = "public_key", Secret = "secret", IsBase64 = "secret_base64_encoded";
    private const int LongestSet = 1 << 20; // bytes
    private const int LargestFile = 1 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static readonly StructKind s_hmac = Form("authn.jwt_hmac",
        Required("algorithm", Enum("hmac-based")).Says("How tokens are signed."),
        Required(Secret, Text).Says("The secret that tokens are signed by.") with { Secret = true },
        Field(IsBase64, Flag, false).Says("Whether the secret is written in base64."),
        Optional(UseJwks, Enum("false")).Says("Whether keys are fetched from an address."));

    private static readonly StructKind s_publicKey = Form("authn.jwt_public_key",
        Required("algorithm", Enum("public-key")).Says("How tokens are signed."),
        Required(PublicKey, Text).Says("The public key as PEM, or the file that it is in."),
        Optional(UseJwks, Enum("false")).Says("Whether keys are fetched from an address."));

    private static readonly StructKind s_jwks = Form("authn.jwt_jwks",
        Required("endpoint", new TextKind("string()", AccessUrl.ProblemOf)).Says("Where the keys are fetched."),
        Field("headers", new HeadersKind(hasContent: false, keepsCase: true), new ConfigObject(new() { ["Accept"] = HttpAnswer.Json })).Says("Headers of the requests."),
        Field("pool_size", Positive, 8).Says("Without effect: there is one request at a time."),
        Field("refresh_interval", new IntegerKind("integer()", 1, long.MaxValue), 300).Says("Seconds after which keys are fetched again; 10 at least.") with { Unit = "seconds" },
        Part("ssl", ClientTlsSchema.Kind).Says("TLS of the way there."),
        Required(UseJwks, Enum("true")).Says("Whether keys are fetched from an address."));

    public static readonly AuthenticatorType Type = new(Mechanism, null,
        new VariantKind([s_hmac, s_publicKey, s_jwks], Choose, static (_, path) => Violation.Because(path, "bad_use_jwks", ("field_name", UseJwks), ("expected", "true | false")), FaultOf),
        Create);

    private static StructKind Form(string id, params IEnumerable<StructField> own) => Struct(id, [.. own.Concat(AuthenticatorType.CommonFields(Mechanism, null)).Concat(
    [
        Field("acl_claim_name", Text, "acl").Says("The claim that says what the client may do."),
        Field("disconnect_after_expire", Flag, true).Says("Whether a client is cut off when its token is over."),
        Field("from", Enum("username", "password"), "password").Says("Where the token is."),
        Field("verify_claims", new VerifyClaimsKind(), ConfigObject.Empty).Says("What claims have to be: texts, in which ${username} and ${clientid} stand for the client's."),
    ]).OrderBy(static field => field.Name, StringComparer.Ordinal)]);

    private static StructKind? Choose(ConfigObject given) => given[UseJwks] switch
    {
        ConfigBoolean { Value: true } or ConfigText { Text: "true" } => s_jwks,
        ConfigBoolean or ConfigText { Text: "false" } => given[PublicKey] is null ? s_hmac : s_publicKey,
        _ => null,
    };

    private static Violation? FaultOf(ConfigObject kept, string path)
    {
        if (kept[Secret] is not null && SecretOf(kept) is null)
            return Violation.Because($"{path}.{Secret}", "Invalid value for 'secret'");
        return kept[PublicKey] is ConfigText { Text: var text } && EntryListKind.IsEnabled(kept) && !CanBeKey(text)
            ? Violation.Because($"{path}.{PublicKey}", "invalid_public_key")
            : null;
    }

    /// <summary>A file need not be there when the configuration is read: a node starts without it, and says so.</summary>
    private static bool CanBeKey(string text) =>
        TokenKeyReader.IsPem(text) ? TokenKeyReader.ReadPem(text) is not null : text.Contains('/', StringComparison.Ordinal) || File.Exists(text);

    /// <summary>Null where it is not what it says it is.</summary>
    private static byte[]? SecretOf(ConfigObject settings)
    {
        var read = new SettingsReader(settings);
        var text = read.Text(Secret);
        if (!read.Flag(IsBase64))
            return Encoding.UTF8.GetBytes(text);
        var decoded = new byte[text.Length];
        return Convert.TryFromBase64String(text, decoded, out var length) ? decoded[..length] : null;
    }

    private static IAuthenticator Create(ConfigObject settings, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var paths = services.GetRequiredService<ConfigPaths>();
        var judge = new TokenJudge(settings, time);
        if (settings[UseJwks] is ConfigBoolean { Value: true })
            return new JwksAuthenticator(judge, KeysOf(new SettingsReader(settings), paths, time, services.GetRequiredService<ILogger<HttpBackend>>()));
        var key = settings[PublicKey] is ConfigText { Text: var text }
            ? ReadKey(text, paths) ?? throw new ArgumentException($"{PublicKey} is none")
            : new SecretTokenKey(SecretOf(settings) ?? throw new ArgumentException($"{Secret} is none"));
        return new JwtAuthenticator(judge, key);
    }

    private static TokenKey? ReadKey(string text, ConfigPaths paths)
    {
        if (TokenKeyReader.IsPem(text))
            return TokenKeyReader.ReadPem(text);
        return paths.ExpandFile(text) is { } file && new FileInfo(file) is { Exists: true, Length: > 0 and <= LargestFile } ? TokenKeyReader.ReadPem(File.ReadAllText(file)) : null;
    }

    private static KeySet KeysOf(SettingsReader settings, ConfigPaths paths, TimeProvider time, ILogger logger)
    {
        var url = AccessUrl.Parse(settings.Text("endpoint"), out _) ?? throw new ArgumentException("no address");
        var reached = new HttpBackendSettings(url, 1, s_patience, s_patience, LongestSet, ClientTlsSchema.Read(settings.Part("ssl"), paths));
        var interval = TimeSpan.FromSeconds(Math.Min(settings.Int("refresh_interval"), 365 * 24 * 60 * 60));
        return new(new HttpBackend(reached, time, logger), new RequestTemplate(url, settings, TemplateNames.None), interval, time);
    }
}
