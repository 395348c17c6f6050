using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

/// <summary>A subscriber that is no MQTT session: it keeps what it is given.</summary>
internal sealed class TestSubscriber(string clientId) : ISubscriber
{
    private readonly Lock _gate = new();
    private readonly List<Message> _received = [];

    public string ClientId { get; } = clientId;

    public bool IsSession => false;

    public bool ChoosesNoLocal { get; init; } = true;

    /// <summary>The topics of what it was given, in order.</summary>
    public string[] Topics
    {
        get
        {
            lock (_gate)
                return [.. _received.Select(static message => message.Topic)];
        }
    }

    public void Deliver(Message message, Subscription subscription, bool fromRetained)
    {
        Assert.Same(this, subscription.Subscriber);
        lock (_gate)
            _received.Add(message);
    }
}
