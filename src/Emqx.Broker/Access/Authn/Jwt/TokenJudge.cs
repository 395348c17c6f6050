using System.Globalization;
using System.Text;
using Emqx.Broker.Access.Authn.Grants;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>Says what a token is worth: nothing without a good signature, a refusal where its time is over or a claim is not what it has to be.</summary>
internal sealed class TokenJudge
{
    private readonly TimeProvider _time;
    private readonly bool _isInUsername;
    private readonly bool _expires;
    private readonly string _acl;
    private readonly List<(string Name, TextTemplate Expected)> _expected;

    /// <param name="settings">A configuration of the type <c>jwt</c> that was checked.</param>
    public TokenJudge(ConfigObject settings, TimeProvider time)
    {
        var read = new SettingsReader(settings);
        _time = time;
        _isInUsername = read.Text("from") == "username";
        _expires = read.Flag("disconnect_after_expire");
        _acl = read.Text("acl_claim_name");
        _expected = [.. VerifyClaimsKind.Read(settings["verify_claims"]).Select(static claim => (claim.Name, new TextTemplate(claim.Value, TemplateNames.Claims)))];
    }

    /// <summary>The token that a client has brought; null for none. Clients of another method bring none.</summary>
    public Token? ReadToken(Credential credential)
    {
        if (credential.Method is not null)
            return null;
        var text = _isInUsername ? Encoding.UTF8.GetBytes(credential.Client.Username ?? "") : credential.Password;
        return Token.Read(text);
    }

    /// <summary>Judges a token by the keys that may have signed it.</summary>
    public AuthnVerdict Judge(Token token, Credential credential, IReadOnlyList<TokenKey> keys)
    {
        if (!IsSigned(token, keys) || token.ReadClaims() is not { } claims)
            return AuthnVerdict.Ignore;
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        double? end = null;
        if (claims["exp"] is { } exp)
        {
            if (NumberOf(exp) is not { } seconds || now >= seconds)
                return AuthnVerdict.Deny();
            end = seconds;
        }

        if (claims["nbf"] is { } begin && (NumberOf(begin) is not { } from || from > now))
            return AuthnVerdict.Deny();
        return AreAsExpected(claims, credential) ? Grant(claims, end) : AuthnVerdict.Deny();
    }

    private static bool IsSigned(Token token, IReadOnlyList<TokenKey> keys)
    {
        foreach (var key in keys)
        {
            if (key.HasSigned(token))
                return true;
        }

        return false;
    }

    private bool AreAsExpected(ConfigObject claims, Credential credential)
    {
        foreach (var (name, expected) in _expected)
        {
            if (claims[name] is not ConfigText { Text: var text } || !expected.Fill(new(credential.Client)).Span.SequenceEqual(Encoding.UTF8.GetBytes(text)))
                return false;
        }

        return true;
    }

    /// <summary>Rules that can not be read refuse the client; other forms of them, and attributes that are none, say nothing of it, as in EMQX.</summary>
    private AuthnVerdict Grant(ConfigObject claims, double? end)
    {
        GrantedAcl? acl = null;
        if (claims[_acl] is { } given)
        {
            if (given is not (ConfigObject or ConfigArray))
                return AuthnVerdict.Ignore;
            acl = given is ConfigArray list ? GrantedAcl.ReadList(list, end, _time) : GrantedAcl.ReadLists((ConfigObject)given, end, _time);
            if (acl is null)
                return AuthnVerdict.Deny();
        }

        if (GrantReader.ReadAttributes(claims["client_attrs"]) is not { } attributes)
            return AuthnVerdict.Ignore;
        return AuthnVerdict.Allow(new()
        {
            IsSuperuser = GrantReader.IsSuperuser(claims["is_superuser"]),
            Attributes = attributes,
            ExpiresAt = _expires && end is { } seconds ? GrantReader.TimeOf(seconds) : null,
            Acl = acl,
        });
    }

    /// <summary>A number, or the text of one.</summary>
    private static double? NumberOf(ConfigValue value) => value switch
    {
        ConfigNumber number => number.TryGetNumber(out var given) ? given : null,
        ConfigText { Text: var text } => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var read) && double.IsFinite(read) ? read : null,
        _ => null,
    };
}
