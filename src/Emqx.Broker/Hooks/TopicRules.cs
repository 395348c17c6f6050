namespace Emqx.Broker.Hooks;

/// <summary>Rules of modules whose topics, which all begin with $, stand for another one. Each gives that one, or what it was given.</summary>
internal sealed class TopicRules
{
    private Func<string, string>[] _rules = [];

    /// <summary>Adds a rule, while the modules attach.</summary>
    public void Add(Func<string, string> rule) => _rules = [.. _rules, rule];

    /// <summary>The topic that a topic stands for: itself, mostly.</summary>
    public string Of(string topic)
    {
        if (!topic.StartsWith('$'))
            return topic;

        foreach (var rule in _rules)
            topic = rule(topic);
        return topic;
    }
}
