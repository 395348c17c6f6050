using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Emqx.Broker.Access.Authn.Jwt;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Jwt;

/// <summary>Signatures of tokens: what was signed by a key, in a way that belongs to the key, and nothing else.</summary>
public sealed class TokenTests
{
    private static readonly RSA s_rsa = RSA.Create(2048);
    private static readonly SecretTokenKey s_secret = new(Tokens.Secret);

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void A_secret_has_signed(string algorithm)
    {
        Assert.True(HasSigned(s_secret, Tokens.Hmac("{}", algorithm: algorithm)));
        Assert.False(HasSigned(s_secret, Tokens.Hmac("{}", "other"u8.ToArray(), algorithm)));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    public void An_RSA_key_has_signed(string algorithm)
    {
        var key = TokenKeyReader.ReadPem(s_rsa.ExportSubjectPublicKeyInfoPem())!;
        using var other = RSA.Create(2048);
        Assert.True(HasSigned(key, Tokens.Rsa("{}", s_rsa, algorithm)));
        Assert.False(HasSigned(key, Tokens.Rsa("{}", other, algorithm)));
    }

    [Theory]
    [InlineData("ES256", 256)]
    [InlineData("ES384", 384)]
    [InlineData("ES512", 521)]
    public void A_key_on_a_curve_has_signed(string algorithm, int bits)
    {
        using var key = ECDsa.Create(bits == 256 ? ECCurve.NamedCurves.nistP256 : bits == 384 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521);
        var known = TokenKeyReader.ReadPem(key.ExportSubjectPublicKeyInfoPem())!;
        Assert.True(HasSigned(known, Tokens.Ec("{}", key, algorithm)));
        Assert.False(HasSigned(known, Tokens.Ec("{}", key, algorithm == "ES256" ? "ES384" : "ES256"))); // another curve's algorithm
    }

    [Fact]
    public void A_public_key_is_no_secret()
    {
        var pem = s_rsa.ExportSubjectPublicKeyInfoPem();
        Assert.False(HasSigned(TokenKeyReader.ReadPem(pem)!, Tokens.Hmac("{}", Encoding.UTF8.GetBytes(pem))));
        Assert.False(HasSigned(s_secret, Tokens.Rsa("{}", s_rsa)));
    }

    [Fact]
    public void A_changed_token_is_not_what_was_signed()
    {
        var parts = Tokens.Hmac("""{"sub":"a"}""").Split('.');
        Assert.False(HasSigned(s_secret, $"{parts[0]}.{Tokens.Encode("""{"sub":"b"}"""u8.ToArray())}.{parts[2]}"));
        Assert.False(HasSigned(s_secret, $"{parts[0]}.{parts[1]}.{parts[2][..^4]}"));
        Assert.False(HasSigned(s_secret, $"{parts[0]}.{parts[1]}."));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("not a token")]
    [InlineData("a.b")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30.e30.")]
    public void What_is_no_token_is_none(string text) => Assert.Null(Token.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"alg":"HS256" """)]
    public void A_token_without_a_known_signature_is_none(string header)
    {
        Assert.Null(Token.Read(Encoding.UTF8.GetBytes(Tokens.Signed(header, "{}", static _ => []))));
        Assert.Null(Token.Read(Encoding.UTF8.GetBytes(Tokens.Signed(header, "{}", static signed => HMACSHA256.HashData(Tokens.Secret, signed)))));
    }

    [Fact]
    public void A_token_longer_than_any_password_is_none() =>
        Assert.Null(Token.Read(Encoding.UTF8.GetBytes(Tokens.Hmac($$"""{"a":"{{new string('x', 70_000)}}"}"""))));

    [Fact]
    public void A_key_of_a_certificate_is_taken()
    {
        using var certificate = new CertificateRequest("CN=x", s_rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.True(HasSigned(TokenKeyReader.ReadPem(certificate.ExportCertificatePem())!, Tokens.Rsa("{}", s_rsa)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----")]
    public void What_is_no_key_is_none(string pem) => Assert.Null(TokenKeyReader.ReadPem(pem));

    [Fact]
    public void Keys_of_a_set_check_what_they_are_for()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = TokenKeyReader.ReadSet(ConfigJson.Parse($$"""
            {"keys":[{"kty":"oct","k":"c2VjcmV0"},{"kty":"RSA","use":"enc","n":"{{Modulus()}}","e":"AQAB"},{"kty":"OKP"},{"kty":"RSA","n":"*","e":"AQAB"},7,
            {{Rsa(""","alg":"RS256" """)}},{{Ec(ec)}}]}
            """))!;
        Assert.Equal(2, keys.Count);
        Assert.True(HasSigned(keys[0], Tokens.Rsa("{}", s_rsa)));
        Assert.False(HasSigned(keys[0], Tokens.Rsa("{}", s_rsa, "PS256"))); // it says what it is for
        Assert.True(HasSigned(keys[1], Tokens.Ec("{}", ec, "ES256")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    public void What_is_no_set_of_keys_is_none(string set) => Assert.Null(TokenKeyReader.ReadSet(ConfigJson.Parse(set)));

    [Fact]
    public void A_set_of_too_many_keys_is_none() =>
        Assert.Null(TokenKeyReader.ReadSet(ConfigJson.Parse($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", TokenKeyReader.Most + 1))}}]}""")));

    private static string Modulus() => Tokens.Encode(s_rsa.ExportParameters(includePrivateParameters: false).Modulus!);

    private static string Rsa(string more) => string.Create(CultureInfo.InvariantCulture, $$"""{"kty":"RSA","n":"{{Modulus()}}","e":"AQAB"{{more}}}""");

    private static string Ec(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Tokens.Encode(point.X!)}}","y":"{{Tokens.Encode(point.Y!)}}"}""";
    }

    private static bool HasSigned(TokenKey key, string token) => Token.Read(Encoding.UTF8.GetBytes(token)) is { } read && key.HasSigned(read);
}
