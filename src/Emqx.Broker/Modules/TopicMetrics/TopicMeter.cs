using Emqx.Broker.Hooks;
using Emqx.Broker.Schema;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Broker.Modules.TopicMetrics;

/// <summary>
/// Counts what is published to the topics of the root <c>topic_metrics</c>, delivered of it and dropped without a subscriber. While no
/// topic is measured no hook is used.
/// </summary>
internal sealed class TopicMeter(RunningConfiguration running, ISettingsControl settings, TimeProvider time) : INodeModule, ITopicMetricsDirectory, ITopicMetricsControl
{
    private readonly List<IDisposable> _links = [];
    private Dictionary<string, MeasuredTopic> _topics = new(StringComparer.Ordinal); // replaced as a whole

    private Dictionary<string, MeasuredTopic> Topics => Volatile.Read(ref _topics);

    public void Attach(BrokerHooks hooks)
    {
        running.Follow([TopicMetricsRoot.Name], () => TakeOver(hooks));
        TakeOver(hooks);
    }

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        foreach (var topic in Topics.Values)
            topic.Tick();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        foreach (var topic in Topics.Values)
            topic.Restart();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<TopicReading>> ListAsync(CancellationToken cancellation) =>
        new([.. Topics.OrderByDescending(static one => one.Key, StringComparer.Ordinal).Select(static one => one.Value.Read())]);

    public ValueTask<TopicReading?> FindAsync(string topic, CancellationToken cancellation) => new(Topics.GetValueOrDefault(topic)?.Read());

    public ValueTask<TopicRegistration> RegisterAsync(string topic, CancellationToken cancellation) =>
        settings.ChangeAsync<TopicRegistration>(present => new(ProposeWith(present, topic)), cancellation);

    public ValueTask<bool> DeregisterAsync(string topic, CancellationToken cancellation) =>
        settings.ChangeAsync<bool>(present => new(ProposeWithout(present, topic)), cancellation);

    public ValueTask<bool> RestartAsync(string? topic, CancellationToken cancellation)
    {
        foreach (var (name, measured) in Topics)
        {
            if (topic is null || topic == name)
                measured.Restart();
        }

        return new(topic is null || Topics.ContainsKey(topic));
    }

    private static SettingsProposal<TopicRegistration> ProposeWith(PresentSettings present, string topic)
    {
        var topics = TopicMetricsRoot.TopicsOf(present.Value(TopicMetricsRoot.Name));
        if (topics.Contains(topic, StringComparer.Ordinal))
            return new(TopicRegistration.AlreadyRegistered);
        if (Change(present, [topic]) is null)
            return new(TopicRegistration.BadTopic);
        return Change(present, [.. topics, topic]) is { } change ? new([change], TopicRegistration.Registered) : new(TopicRegistration.TooMany);
    }

    private static SettingsProposal<bool> ProposeWithout(PresentSettings present, string topic)
    {
        var topics = TopicMetricsRoot.TopicsOf(present.Value(TopicMetricsRoot.Name));
        return topics.Contains(topic, StringComparer.Ordinal) && Change(present, topics.Where(one => one != topic)) is { } change
            ? new([change], true)
            : new(false);
    }

    private static SettingsChange? Change(PresentSettings present, IEnumerable<string> topics)
    {
        var root = present.Catalogue.Find(TopicMetricsRoot.Name)!;
        return present.Change(root, root.Name, TopicMetricsRoot.ValueOf(topics), Completion.Defaults, new List<Violation>());
    }

    /// <summary>Called at the start, and by one change of the configuration after the other. A topic that stays goes on counting.</summary>
    private void TakeOver(BrokerHooks hooks)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var topics = new Dictionary<string, MeasuredTopic>(StringComparer.Ordinal);
        foreach (var topic in TopicMetricsRoot.TopicsOf(running.Value(TopicMetricsRoot.Name)))
            topics[topic] = Topics.GetValueOrDefault(topic) ?? new MeasuredTopic(topic, now);
        Volatile.Write(ref _topics, topics);
        if (topics.Count > 0 && _links.Count == 0)
        {
            _links.AddRange([hooks.MessagePublish.Add(OnPublish, HookPriority.TopicMetrics), hooks.MessageDelivered.Add(OnDelivered), hooks.MessageDropped.Add(OnDropped)]);
            return;
        }

        if (topics.Count > 0)
            return;
        foreach (var link in _links)
            link.Dispose();
        _links.Clear();
    }

    private HookResult OnPublish(PublishAttempt attempt)
    {
        if (Topics.TryGetValue(attempt.Message.Topic, out var topic))
            topic.CountIn(attempt.Message.Qos);
        return HookResult.Continue;
    }

    private void OnDelivered(MessageDelivered told)
    {
        if (Topics.TryGetValue(told.Message.Topic, out var topic))
            topic.CountOut(told.Qos);
    }

    /// <summary>EMQX counts messages that nobody subscribes to, not deliveries that a full queue loses.</summary>
    private void OnDropped(MessageDropped told)
    {
        if (told.Session is null && Topics.TryGetValue(told.Message.Topic, out var topic))
            topic.CountDropped();
    }
}
