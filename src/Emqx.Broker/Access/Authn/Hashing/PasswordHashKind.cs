using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>The field <c>password_hash_algorithm</c>; its <c>name</c> says which fields it has.</summary>
internal sealed class PasswordHashKind : ValueKind
{
    /// <summary>Where a configuration says nothing.</summary>
    public static readonly ConfigObject Default = new(new() { ["name"] = "sha256", ["salt_position"] = "prefix" });

    /// <summary>In files and variables: rounds of bcrypt beyond the bounds are those of the bounds.</summary>
    public static readonly PasswordHashKind Configuration = new(isBody: false);

    /// <summary>In bodies of the API.</summary>
    public static readonly PasswordHashKind Body = new(isBody: true);

    /// <summary>Of hashes that others have made: those of bcrypt have their rounds in themselves.</summary>
    public static readonly PasswordHashKind Verified = new(Struct("authn_hash:bcrypt", Required("name", Enum("bcrypt")).Says("bcrypt.")));

    /// <summary>Of bcrypt, and where nothing else is said.</summary>
    public const int MostRounds = 10;

    private const int FewestRounds = 5;
    private const string Rounds = "salt_rounds";

    private readonly StructKind _bcrypt;

    private readonly StructKind _pbkdf2 = new(
    [
        Required("name", Enum("pbkdf2")).Says("PBKDF2: hashes are hexadecimal."),
        Required("mac_fun", Enum("md4", "md5", "ripemd160", "sha", "sha224", "sha256", "sha384", "sha512")).Says("The hash function of its HMAC; md4, md5 and ripemd160 are taken and do not work."),
        Required("iterations", Positive).Says("Rounds."),
        Optional("dk_length", Positive).Says("Bytes of the hash; where left out as many as the function gives."),
    ], TooMuchOf) { Id = "authn_hash:pbkdf2" };

    private readonly StructKind _simple = Struct("authn_hash:simple",
        Required("name", Enum("plain", "md5", "sha", "sha256", "sha512")).Says("The hash function; plain keeps passwords as they are."),
        Field("salt_position", Enum("disable", "prefix", "suffix"), "prefix").Says("Where the salt stands."));

    private PasswordHashKind(bool isBody) : this(new StructKind(
    [
        Required("name", Enum("bcrypt")).Says("bcrypt."),
        Field(Rounds, Range(FewestRounds, MostRounds), MostRounds).Says("The work of a hash, as a power of two."),
    ]) { Id = isBody ? "authn_hash:bcrypt_rw_api" : "authn_hash:bcrypt_rw", Convert = isBody ? null : Clamped })
    {
    }

    private PasswordHashKind(StructKind bcrypt) => _bcrypt = bcrypt;

    public override string Name => Shape.Name;

    public override ValueKind Shape => field ??= new ChoiceKind(_bcrypt, _pbkdf2, _simple);

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject fields || fields["name"] is null or ConfigNull)
            return at.Fail(Violation.Because(at.Path, "algorithm_name_missing"));
        var (member, known) = (MemberOf(fields), at.Violations.Count);
        var kept = member.Check(value, at);
        at.TellMember(known, member.Id!);
        return kept;
    }

    public override ValueKind? Part(string name) => _bcrypt.Part(name) ?? _pbkdf2.Part(name) ?? _simple.Part(name);

    private StructKind MemberOf(ConfigObject fields) => fields["name"] switch
    {
        ConfigText { Text: "bcrypt" } => _bcrypt,
        ConfigText { Text: "pbkdf2" } => _pbkdf2,
        _ => _simple,
    };

    private static ConfigObject Clamped(ConfigObject given) => given[Rounds] is { } value && IntegerKind.TryRead(value, isRequest: false, out var rounds)
        ? given.With(Rounds, Math.Clamp(rounds, FewestRounds, MostRounds))
        : given;

    /// <summary>EMQX takes any number, and then computes for hours.</summary>
    private static string? TooMuchOf(ConfigObject fields)
    {
        var settings = new SettingsReader(fields);
        return Pbkdf2Hash.Rounds(settings.Long("iterations"), settings.Long("dk_length")) > Pbkdf2Hash.MostRounds ? $"more than {Pbkdf2Hash.MostRounds} rounds" : null;
    }
}
