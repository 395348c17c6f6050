using System.Text;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Hashing;

/// <summary>Password hashes, against those of EMQX.</summary>
public sealed class PasswordAlgorithmTests
{
    /// <summary>Hashes that EMQX takes for the password secret with the salt s0lt.</summary>
    [Theory]
    [InlineData("""{"name":"md5","salt_position":"prefix"}""", "c3a4773551d3ca4c6925fea7086c44ec")]
    [InlineData("""{"name":"sha","salt_position":"prefix"}""", "84effe8aaa09b767111bcae078510934c967f103")]
    [InlineData("""{"name":"sha256","salt_position":"prefix"}""", "7594671011783be4edce87a58d1c332cffd72a899be81dd5e187a3e53fc1a494")]
    [InlineData("""{"name":"sha512","salt_position":"prefix"}""", "2af52589f30bfe0849fff96054a636e903b552a603ef2eed3267e8e43f0930d6e10ec499a92486144061e5fe523cbe6d1b0d8af12dae07f5640fa69de7b8d833")]
    [InlineData("""{"name":"sha256","salt_position":"disable"}""", "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b")]
    [InlineData("""{"name":"plain","salt_position":"disable"}""", "secret")]
    [InlineData("""{"name":"plain","salt_position":"suffix"}""", "secrets0lt")]
    [InlineData("""{"name":"bcrypt","salt_rounds":5}""", "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha256","iterations":10}""", "7d4127b7bc952ef6585fb1cfcaf591bd067e7a0da54cae3ccbf3eba3223d8f13")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha512","iterations":3,"dk_length":16}""", "e0a6e35f694510a7d1ac0c0eea98d1a3")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha","iterations":2}""", "3d00b3155f7d59720a52ddf7f7d561818db915ab")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha224","iterations":2}""", "36889274348579a1b823d8ef75009f3cb138d100696503b1cb349810")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha384","iterations":2}""", "b018c473de3e0910063bc375fb02248e7614480d670929790013c44ef85a01f458f6a73fcbe087d7ec79affd3c35e834")]
    public void A_hash_of_EMQX_has_its_password_and_no_other(string settings, string hash)
    {
        var algorithm = Of(settings);
        Assert.True(algorithm.IsPassword("secret"u8, Encoding.UTF8.GetBytes(hash), "s0lt"u8));
        foreach (var wrong in (string[])["", "secrets", "tecret", new('s', 1000)])
            Assert.False(algorithm.IsPassword(Encoding.UTF8.GetBytes(wrong), Encoding.UTF8.GetBytes(hash), "s0lt"u8));
    }

    [Theory]
    [InlineData("""{"name":"sha256","salt_position":"suffix"}""", 64, 32)]
    [InlineData("""{"name":"sha512","salt_position":"disable"}""", 128, 0)]
    [InlineData("""{"name":"plain","salt_position":"prefix"}""", 6, 0)]
    [InlineData("""{"name":"bcrypt","salt_rounds":5}""", 60, 0)]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha224","iterations":2,"dk_length":61}""", 122, 32)]
    public void A_new_hash_has_the_form_of_EMQX_and_its_password(string settings, int hash, int salt)
    {
        var algorithm = Of(settings);
        var kept = algorithm.Hash("sècre"u8);
        Assert.Equal((hash, salt), (kept.Hash.Length, kept.Salt.Length));
        Assert.True(algorithm.IsPassword("sècre"u8, kept.Hash, kept.Salt));
        Assert.False(algorithm.IsPassword("secre"u8, kept.Hash, kept.Salt));
        Assert.False(algorithm.IsPassword("sècre"u8, algorithm.Decoy.Hash, algorithm.Decoy.Salt));
    }

    [Fact]
    public void The_case_of_a_hash_does_not_count()
    {
        Assert.True(Of("""{"name":"sha256","salt_position":"disable"}""").IsPassword("secret"u8, "2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B"u8, []));
        Assert.True(Of("""{"name":"plain","salt_position":"disable"}""").IsPassword("sECRET"u8, "Secret"u8, []));
        Assert.False(Of("""{"name":"plain","salt_position":"disable"}""").IsPassword("a[b"u8, "a{b"u8, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2b$")]
    [InlineData("$2b$05$")]
    [InlineData("$2b$05$short")]
    [InlineData("$2b$xx$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a")]
    [InlineData("$2b$31$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a")]
    [InlineData("$9z$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a")]
    public void What_is_no_hash_of_bcrypt_or_would_take_hours_has_no_password(string hash) =>
        Assert.False(Of("""{"name":"bcrypt","salt_rounds":5}""").IsPassword("secret"u8, Encoding.UTF8.GetBytes(hash), []));

    [Fact]
    public void A_password_that_is_no_text_is_nobodys_with_bcrypt() =>
        Assert.False(Of("""{"name":"bcrypt","salt_rounds":5}""").IsPassword([0xff, 0xfe], "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a"u8, []));

    [Fact]
    public void Long_passwords_and_salts_count_whole()
    {
        var algorithm = Of("""{"name":"sha512","salt_position":"suffix"}""");
        var password = new byte[65_535];
        var kept = algorithm.Hash(password);
        Assert.True(algorithm.IsPassword(password, kept.Hash, kept.Salt));
        Assert.False(algorithm.IsPassword(password.AsSpan(1), kept.Hash, kept.Salt));
    }

    [Theory]
    [InlineData("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [InlineData("", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")]
    public void Sha224_is_that_of_FIPS_180(string message, string hash)
    {
        Span<byte> made = stackalloc byte[Sha224.Length];
        Sha224.Hash(Encoding.ASCII.GetBytes(message), made);
        Assert.Equal(hash, Convert.ToHexStringLower(made));
    }

    [Theory]
    [InlineData("md4")]
    [InlineData("md5")]
    [InlineData("ripemd160")]
    public void Functions_that_EMQX_takes_and_lacks_are_lacking(string function) =>
        Assert.Throws<NotSupportedException>(() => Of($$"""{"name":"pbkdf2","mac_fun":"{{function}}","iterations":1}"""));

    [Theory]
    [InlineData("""{"name":"bcrypt","salt_rounds":4}""", false, "5..10")]
    [InlineData("""{"name":"bcrypt","salt_rounds":11}""", false, "5..10")]
    [InlineData("""{"name":"bcrypt","salt_rounds":99}""", true, null)]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha","iterations":10000001}""", true, "rounds")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha","iterations":10000,"dk_length":9223372036854775807}""", false, "rounds")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha"}""", false, "required_field")]
    [InlineData("\"sha256\"", false, "algorithm_name_missing")]
    [InlineData("""{"name":null}""", true, "algorithm_name_missing")]
    [InlineData("""{"name":"crc"}""", false, "password_hash_algorithm.name")]
    public void Wrong_settings_are_told(string settings, bool isConfiguration, string? problem)
    {
        var at = new Inspection("root.password_hash_algorithm") { IsRequest = !isConfiguration };
        var kept = (isConfiguration ? PasswordHashKind.Configuration : PasswordHashKind.Body).Check(ConfigJson.Parse(settings), at);
        Assert.Equal(problem is null, kept is not null);
        if (problem is not null)
            Assert.Contains(problem, Violation.ToJson(at.Violations), StringComparison.Ordinal);
    }

    private static PasswordAlgorithm Of(string settings) => PasswordAlgorithm.Of(new SettingsReader((ConfigObject)ConfigJson.Parse(settings)));
}
