using System.Text.RegularExpressions;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Modules.Rewrite;

/// <summary>A rule that topics are rewritten by.</summary>
internal sealed class RewriteRule
{
    private readonly string _source;
    private readonly Regex _pattern;
    private readonly RewriteTarget _target;

    /// <param name="fields">Checked against <see cref="RewriteRoot.Kind"/>.</param>
    public RewriteRule(SettingsReader fields)
    {
        _source = fields.Text("source_topic");
        _pattern = BanTarget.CompilePattern(fields.Text("re"));
        _target = new RewriteTarget(fields.Text("dest_topic"));
        var action = fields.Text("action");
        (IsForPublish, IsForSubscribe) = (action != "subscribe", action != "publish");
    }

    public bool IsForPublish { get; }

    public bool IsForSubscribe { get; }

    /// <summary>Whether its pattern is matched with backtracking, in time that only a clock bounds.</summary>
    public bool Backtracks => (_pattern.Options & RegexOptions.NonBacktracking) == 0;

    /// <summary>Whether it is about the topic, which no other rule is asked about then. Of a filter wildcards are ordinary levels.</summary>
    public bool Concerns(string topic) => TopicMatcher.Matches(topic, _source);

    /// <summary>What becomes of the topic; null where it stays as it is.</summary>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    public string? Rewrite(string topic, string clientId, string? username)
    {
        var match = _pattern.Match(topic);
        return match.Success ? _target.Fill(match, clientId, username) : null;
    }
}
