using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Hooks;

/// <summary>
/// Everything that happens in the broker, in the order of a client's life. Names are EMQX's. Chains may change or
/// stop what happens; events tell what has happened.
/// </summary>
internal sealed class BrokerHooks(ILogger<BrokerHooks> logger, TimeProvider time)
{
    private IPacketWatcher? _packetWatcher;

    /// <summary>Who looks at packets as they come and go; null while nobody does, which costs one read a packet.</summary>
    public IPacketWatcher? PacketWatcher
    {
        get => Volatile.Read(ref _packetWatcher);
        set => Volatile.Write(ref _packetWatcher, value);
    }

    /// <summary>CONNECT has been read and is well-formed; a link may refuse it (bans, flapping).</summary>
    public HookChain<ConnectAttempt> ClientConnect { get; } = new("client.connect", logger, time);

    /// <summary>Credentials are to be checked; a link sets the verdict.</summary>
    public HookChain<AuthenticateRequest> ClientAuthenticate { get; } = new("client.authenticate", logger, time) { Timeout = HookChain<AuthenticateRequest>.LongTimeout };

    /// <summary>Somebody has spoken of a client's credentials: what traces tell of client.authenticate.</summary>
    public HookEvent<AuthenticationStep> ClientAuthenticateStep { get; } = new("client.authenticate_step", logger);

    /// <summary>CONNACK was sent, with this reason code.</summary>
    public HookEvent<ConnackSent> ClientConnack { get; } = new("client.connack", logger);

    /// <summary>The client is connected: its session is attached and CONNACK 0 is on its way.</summary>
    public HookEvent<ClientConnected> ClientConnected { get; } = new("client.connected", logger);

    public HookEvent<Session> SessionCreated { get; } = new("session.created", logger);
    public HookEvent<Session> SessionResumed { get; } = new("session.resumed", logger);

    /// <summary>The session went over to a newer connection of the same client id.</summary>
    public HookEvent<Session> SessionTakenOver { get; } = new("session.takenover", logger);

    /// <summary>The session was ended by a CONNECT with clean start.</summary>
    public HookEvent<Session> SessionDiscarded { get; } = new("session.discarded", logger);

    /// <summary>The session is gone, whatever the reason.</summary>
    public HookEvent<SessionTerminated> SessionTerminated { get; } = new("session.terminated", logger);

    /// <summary>The topic that a published topic stands for is what client.authorize is about.</summary>
    public TopicRules AuthorizedTopic { get; } = new();

    /// <summary>A PUBLISH or a topic filter of a SUBSCRIBE is to be allowed or not; a link sets the verdict.</summary>
    public HookChain<AuthorizeRequest> ClientAuthorize { get; } = new("client.authorize", logger, time) { Timeout = HookChain<AuthorizeRequest>.LongTimeout };

    /// <summary>A source of rules has answered whether a client may do that, or has not known. EMQX has no such hook.</summary>
    public HookEvent<AuthorizationAnswered> AuthorizationAnswered { get; } = new("authorization.answered", logger);

    /// <summary>Whether a client may do that was decided: by asking, or from what its connection remembers.</summary>
    public HookEvent<AuthorizationChecked> ClientCheckAuthzComplete { get; } = new("client.check_authz_complete", logger);

    /// <summary>A filter of a client's SUBSCRIBE that the client may subscribe to, before it takes effect; a link may change it.</summary>
    public HookChain<SubscribeAttempt> ClientSubscribe { get; } = new("client.subscribe", logger, time);

    /// <summary>A filter of a client's UNSUBSCRIBE, before it takes effect; a link may change it.</summary>
    public HookChain<SubscribeAttempt> ClientUnsubscribe { get; } = new("client.unsubscribe", logger, time);

    public HookEvent<SessionSubscribed> SessionSubscribed { get; } = new("session.subscribed", logger);
    public HookEvent<SessionUnsubscribed> SessionUnsubscribed { get; } = new("session.unsubscribed", logger);

    /// <summary>A message is about to be routed; a link may replace it or stop it.</summary>
    public HookChain<PublishAttempt> MessagePublish { get; } = new("message.publish", logger, time);

    /// <summary>A message that went through message.publish is with its receivers, or with whoever has stopped it. EMQX has no such hook.</summary>
    public HookEvent<MessageRouted> MessageRouted { get; } = new("message.routed", logger);

    /// <summary>A message was handed to a connected client.</summary>
    public HookEvent<MessageDelivered> MessageDelivered { get; } = new("message.delivered", logger);

    /// <summary>A client has acknowledged a delivery (PUBACK, PUBCOMP).</summary>
    public HookEvent<MessageDelivered> MessageAcked { get; } = new("message.acked", logger);

    /// <summary>A delivery is over: acknowledged (PUBACK, PUBCOMP), or with QoS 0 sent after it had waited for room.</summary>
    public HookEvent<DeliveryCompleted> DeliveryCompleted { get; } = new("delivery.completed", logger);

    /// <summary>A message was lost before or instead of a delivery.</summary>
    public HookEvent<MessageDropped> MessageDropped { get; } = new("message.dropped", logger);

    /// <summary>The peer of a session's connection takes nothing at the moment. EMQX has no such hook.</summary>
    public HookEvent<Session> ConnectionCongested { get; } = new("connection.congested", logger);

    /// <summary>The connection is over; the session may live on.</summary>
    public HookEvent<ClientDisconnected> ClientDisconnected { get; } = new("client.disconnected", logger);

    /// <summary>What goes on after a verdict and is awaited by nobody, as a will is: its failure is at least logged.</summary>
    public void Unwaited(Task work) => work.ContinueWith(failed => HooksLog.AfterwardsFailed(logger, failed.Exception!), CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

/// <summary>A CONNECT under examination. <see cref="ReasonCode"/> other than 0 refuses it with that MQTT 5 code.</summary>
internal sealed class ConnectAttempt(ClientInfo client)
{
    public ClientInfo Client { get; } = client;
    public byte ReasonCode { get; set; }
}

internal readonly record struct ConnackSent(ClientInfo Client, byte ReasonCode);

internal readonly record struct ClientConnected(ClientInfo Client, Session Session);

/// <param name="Reason">EMQX's word: normal, tcp_closed, kicked, discarded, takenover, keepalive_timeout, …</param>
/// <param name="At">Unix milliseconds.</param>
internal readonly record struct ClientDisconnected(ClientInfo Client, Session Session, string Reason, long At);

internal readonly record struct SessionTerminated(Session Session, string Reason);

/// <param name="Source">EMQX's name of the source's type; <c>client_info</c> for what came with the client's credentials.</param>
internal readonly record struct AuthorizationAnswered(AuthorizeRequest Request, string Source, AuthzVerdict Verdict);

/// <param name="Topic">Topic name, or topic filter without mountpoint.</param>
internal readonly record struct AuthorizationChecked(ClientInfo Client, bool IsPublish, string Topic, byte Qos, bool Retain, bool IsAllowed)
{
    /// <summary>Who has decided, in EMQX's words: a source's type, <c>superuser</c>, <c>'authorization.no_match' config</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>The decision is an earlier one.</summary>
    public bool IsRemembered { get; init; }
}

/// <summary>One filter under change; <see cref="ReasonCode"/> at or above 0x80 refuses it.</summary>
internal sealed class SubscribeAttempt(ClientInfo client, string filter, SubscriptionOptions options)
{
    public ClientInfo Client { get; } = client;
    public string Filter { get; set; } = filter;
    public SubscriptionOptions Options { get; set; } = options;
    public byte ReasonCode { get; set; }
}

internal readonly record struct SessionSubscribed(Session Session, Subscription Subscription, bool IsNew);

internal readonly record struct SessionUnsubscribed(Session Session, Subscription Subscription);

/// <summary>A message on its way in. Set <see cref="Message"/> to replace it; set <see cref="Stopped"/> to swallow it.</summary>
internal sealed class PublishAttempt
{
    [ThreadStatic]
    private static PublishAttempt? s_spare;

    /// <summary>The message as it stands. Valid while the chain runs.</summary>
    public Message Message { get; set; } = null!;

    /// <summary>The message goes no further (delayed, rejected); the publisher is acknowledged with <see cref="ReasonCode"/>.</summary>
    public bool Stopped { get; set; }
    public byte ReasonCode { get; set; }

    /// <summary>One for a message: the thread's own again and again, since every message needs one.</summary>
    public static PublishAttempt Take(Message message)
    {
        var attempt = s_spare ?? new PublishAttempt();
        s_spare = null; // a link that publishes gets another
        attempt.Message = message;
        return attempt;
    }

    /// <summary>Gives it back; nobody may keep it.</summary>
    public void Return()
    {
        Message = null!;
        Stopped = false;
        ReasonCode = 0;
        s_spare = this;
    }
}

/// <param name="Message">As the links have left it.</param>
internal readonly record struct MessageRouted(Message Message);

internal readonly record struct MessageDelivered(Session Session, Message Message, byte Qos, long At);

/// <param name="BeganAt">When it was first sent, Unix milliseconds.</param>
/// <param name="At">Unix milliseconds.</param>
internal readonly record struct DeliveryCompleted(Session Session, Message Message, long BeganAt, long At);

/// <param name="Reason">no_subscribers, queue_full, expired, no_local, too_large, qos0_msg, await_pubrel_timeout, …</param>
internal readonly record struct MessageDropped(Message Message, Session? Session, string Reason);
