using System.Text.RegularExpressions;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Broker.Modules.Rewrite;

/// <summary>
/// Rewrites the topics that clients publish and subscribe to, by the rules of the root <c>rewrite</c>: the last one whose filter selects the
/// topic decides, whether its pattern is found or not. Authorization is about the topic as the client has named it. Without rules no hook is used.
/// </summary>
internal sealed class TopicRewrite(RunningConfiguration running, TimeProvider time) : INodeModule
{
    private readonly RewritePatience _patience = new(time);
    private readonly List<IDisposable> _publishLinks = [];
    private readonly List<IDisposable> _subscribeLinks = [];
    private RewriteRule[] _ofPublish = []; // in the order in which they are asked
    private RewriteRule[] _ofSubscribe = [];

    public void Attach(BrokerHooks hooks)
    {
        running.Follow([RewriteRoot.Name], () => TakeOver(hooks));
        TakeOver(hooks);
    }

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        _patience.Tick();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        _patience.Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>Called at the start, and by one change of the configuration after the other.</summary>
    private void TakeOver(BrokerHooks hooks)
    {
        var items = (running.Value(RewriteRoot.Name) as ConfigArray ?? ConfigArray.Empty).Items;
        var rules = items.Select(static item => new RewriteRule(new SettingsReader((ConfigObject)item))).Reverse().ToList();
        Volatile.Write(ref _ofPublish, [.. rules.Where(static rule => rule.IsForPublish)]);
        Volatile.Write(ref _ofSubscribe, [.. rules.Where(static rule => rule.IsForSubscribe)]);
        Hang(_publishLinks, _ofPublish.Length > 0, () => [hooks.MessagePublish.Add(OnPublish, HookPriority.Rewrite)]);
        Hang(_subscribeLinks, _ofSubscribe.Length > 0, () =>
        [
            hooks.ClientSubscribe.Add(OnFilter, HookPriority.Rewrite),
            hooks.ClientUnsubscribe.Add(OnFilter, HookPriority.Rewrite),
        ]);
    }

    private static void Hang(List<IDisposable> links, bool isNeeded, Func<IDisposable[]> attach)
    {
        if (isNeeded == links.Count > 0)
            return;
        if (isNeeded)
        {
            links.AddRange(attach());
            return;
        }

        foreach (var link in links)
            link.Dispose();
        links.Clear();
    }

    private HookResult OnPublish(PublishAttempt attempt)
    {
        var message = attempt.Message;
        if (Find(Volatile.Read(ref _ofPublish), message.Topic) is { } rule
            && Rewrite(rule, message.Topic, message.From, message.FromUsername) is { } topic && TopicName.IsValid(topic))
            attempt.Message = message.WithTopic(topic);
        return HookResult.Continue;
    }

    /// <summary>Of a filter of a share group, or an exclusive one, the topic behind the prefix is rewritten.</summary>
    private HookResult OnFilter(SubscribeAttempt attempt)
    {
        if (TopicFilter.TryParse(attempt.Filter, out var filter) && Find(Volatile.Read(ref _ofSubscribe), filter.Topic) is { } rule
            && Rewrite(rule, filter.Topic, attempt.Client.ClientId, attempt.Client.Username) is { } topic && TopicLevels.IsFilter(topic))
            attempt.Filter = string.Concat(attempt.Filter.AsSpan(0, attempt.Filter.Length - filter.Topic.Length), topic);
        return HookResult.Continue;
    }

    private static RewriteRule? Find(RewriteRule[] rules, string topic)
    {
        foreach (var rule in rules)
        {
            if (rule.Concerns(topic))
                return rule;
        }

        return null;
    }

    private string? Rewrite(RewriteRule rule, string topic, string clientId, string? username)
    {
        if (rule.Backtracks && _patience.IsOver(clientId))
            return null;
        try
        {
            return rule.Rewrite(topic, clientId, username);
        }
        catch (RegexMatchTimeoutException)
        {
            _patience.Spend(clientId);
            return null;
        }
    }
}
