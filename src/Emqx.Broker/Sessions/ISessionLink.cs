using Emqx.Broker.Access;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Sessions;

/// <summary>
/// What a session sends through: the connection that serves it. Called from any thread, some of it under the session's lock: nothing
/// here waits, and nothing here calls into the session before it has returned.
/// </summary>
internal interface ISessionLink
{
    /// <summary>The session that it serves; set once, when the client is let in.</summary>
    Session? Session { get; set; }

    /// <summary>Who is at the other end; null until the client is let in.</summary>
    ClientInfo? Client { get; }

    /// <summary>The settings of its zone when it connected.</summary>
    MqttSettings Settings { get; }

    /// <summary>Published when the connection breaks; null where there is none, or not any more.</summary>
    Will? Will { get; set; }

    /// <summary>The will, for the one who publishes it: nobody gets it twice.</summary>
    Will? TakeWill();

    /// <summary>What the client was allowed and denied lately; null where nothing was asked yet.</summary>
    AuthorizationCache? AuthorizationCache { get; }

    /// <summary>Bytes that the node keeps for the connection beside messages: the tables of topic aliases.</summary>
    long HeldBytes { get; }

    /// <summary>Since when the peer has taken nothing of what is being sent, steady milliseconds; 0 while nothing is stuck.</summary>
    long StuckSince { get; }

    /// <summary>Bytes that have not gone to the peer.</summary>
    int WaitingBytes { get; }

    /// <summary>Sends a delivery, or says why not. <see cref="SendOutcome.Full"/>: the session is told by <see cref="Session.Drain"/> when there is room again.</summary>
    SendOutcome SendPublish(Message message, Subscription subscription, byte qos, bool retain, bool dup, ushort packetId);

    /// <summary>Sends a run of messages, all or none of them. False: they are to be sent one by one, which tells why.</summary>
    /// <param name="run">What to send; nothing of it expires.</param>
    /// <param name="subscription">Which has selected all of it.</param>
    /// <param name="upgradesQos">The subscription's QoS raises a message's.</param>
    /// <param name="ids">A packet identifier for each message; those of QoS 0 pass theirs over. Empty where all are of QoS 0.</param>
    bool TrySendRun(MessageRun run, Subscription subscription, bool upgradesQos, ReadOnlySpan<ushort> ids);

    /// <summary>Whether so little waits that what is not urgent may follow. False: the session is told by <see cref="Session.Drain"/> when it is so.</summary>
    bool HasRoom();

    /// <summary>Sends the PUBREL of a QoS 2 delivery again.</summary>
    void SendPubRel(ushort packetId);

    /// <summary>Sends at once when much has gathered. Not to be called under a session's lock.</summary>
    void FlushIfLarge();

    /// <summary>Sends what waits, at once. Not to be called under a session's lock.</summary>
    void Flush();

    /// <summary>The client's keep alive has changed; it counts from now.</summary>
    void KeepAliveChanged();

    /// <summary>The session is taken from it: it tells nobody any more that it ends. False where it has ended already.</summary>
    bool MarkEnded();

    /// <summary>Ends it: what waits still goes out, then an MQTT 5 client is told <paramref name="reasonCode"/>, unless that is 0.</summary>
    /// <param name="reasonCode">For DISCONNECT; 0 for none.</param>
    /// <param name="reason">EMQX's word for its events.</param>
    void Close(byte reasonCode, string reason);

    /// <summary>Cuts it without a word.</summary>
    void Abort(string reason);
}
