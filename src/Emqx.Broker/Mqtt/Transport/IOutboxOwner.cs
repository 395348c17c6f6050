namespace Emqx.Broker.Mqtt.Transport;

/// <summary>The connection as its <see cref="Outbox"/> sees it.</summary>
internal interface IOutboxOwner
{
    /// <summary>Steady milliseconds.</summary>
    long Steady { get; }

    /// <summary>A packet was appended, under the outbox's lock: to be counted.</summary>
    void Sent(ReadOnlySpan<byte> packet);

    /// <summary>The peer takes nothing; see <see cref="Outbox.StuckSince"/>.</summary>
    void SendIsStuck();

    /// <summary>There is room again after the outbox was full.</summary>
    void Drained();
}
