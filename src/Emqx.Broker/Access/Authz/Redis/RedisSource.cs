using Emqx.Broker.Access.Redis;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authz.Redis;

/// <summary>Reads from Redis what a client may do (EMQX's source <c>redis</c>). What is no answer, and rules that cannot be read, say nothing: the next source is asked.</summary>
internal sealed class RedisSource(RedisBackend backend, RedisCommand query) : IAuthzSource, IBackedEntry
{
    private const string Name = "redis";

    private static readonly string[] s_commands = ["hmget", "hgetall"];

    public static readonly AuthzSourceType Type = new(Name, RedisFields.Kind("authz.redis",
    [
        .. AuthzSourceType.CommonFields(Name),
        Required(RedisFields.Command, new TextKind("binary()", static line => line.Length == 0 ? "Request query" : null))
            .Says("HGETALL or HMGET and a key with places like ${username}; topics and what is allowed there are in turn in the answer."),
    ], ProblemOf), static (settings, services) => Create(new SettingsReader(settings), services));

    public IAccessBackend Asked => backend;

    public async ValueTask<AuthzVerdict> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation)
    {
        if (await backend.AskAsync(query, new TemplateValues(request.Client, Request: request), cancellation).ConfigureAwait(false) is not { } values)
            return AuthzVerdict.NoMatch;
        for (var i = 0; i + 1 < values.Count; i += 2)
        {
            if (RedisRule.Read(values[i], values[i + 1], out var problem) is not { } rule)
                backend.Tell(problem!);
            else if (rule.Check(request) is var verdict and not AuthzVerdict.NoMatch)
                return verdict;
        }

        return AuthzVerdict.NoMatch;
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    private static RedisSource Create(SettingsReader settings, IServiceProvider services)
    {
        var words = RedisCommand.Split(settings.Text(RedisFields.Command), s_commands, out var problem) ?? throw new ArgumentException(problem);
        var query = new RedisCommand(words[0], [.. words.Skip(1).Select(static word => RedisCommand.Template(word, TemplateNames.Rules))]);
        return new(RedisFields.Connect(settings, services), query);
    }

    private static string? ProblemOf(string line)
    {
        RedisCommand.Split(line, s_commands, out var problem);
        return problem;
    }
}
