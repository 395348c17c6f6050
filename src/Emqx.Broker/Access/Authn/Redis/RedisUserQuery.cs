using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Redis;
using Emqx.Broker.Access.Templates;

namespace Emqx.Broker.Access.Authn.Redis;

/// <summary>The command that asks for a client's password hash, and how its answers are read.</summary>
internal sealed class RedisUserQuery
{
    private const string Hash = "password_hash", Password = "password", Salt = "salt", IsSuperuser = "is_superuser";

    private static readonly string[] s_commands = ["hget", "hmget"];
    private static readonly string[] s_fields = [Hash, Password, Salt, IsSuperuser];

    private readonly string[] _fields;

    /// <param name="line">One of which <see cref="ProblemOf"/> tells nothing.</param>
    public RedisUserQuery(string line)
    {
        var words = RedisCommand.Split(line, s_commands, out var problem) ?? throw new ArgumentException(problem, nameof(line));
        _fields = [.. words.Skip(2)];
        Command = new(words[0], [RedisCommand.Template(words[1], TemplateNames.Authentication), .. _fields.Select(RedisCommand.Constant)]);
    }

    public RedisCommand Command { get; }

    /// <summary>What is wrong with a command, in EMQX's word; null where nothing is.</summary>
    public static string? ProblemOf(string line)
    {
        if (RedisCommand.Split(line, s_commands, out var problem) is not { } words)
            return problem;
        if (words.Skip(2).Except(s_fields).Any())
            return "unknown_fields";
        return words.Skip(2).Any(static word => word is Hash or Password) ? null : "missing_required_field";
    }

    /// <summary>What is known of the client; null where it is not known.</summary>
    public KnownPassword? Read(IReadOnlyList<byte[]?> values)
    {
        if (values.Count != _fields.Length || values.All(static value => value is null))
            return null;
        return new(ValueOf(Hash) ?? ValueOf(Password), ValueOf(Salt) ?? [], KnownPassword.IsTrue(ValueOf(IsSuperuser)));

        byte[]? ValueOf(string field) => Array.LastIndexOf(_fields, field) is >= 0 and var at ? values[at] : null;
    }
}
