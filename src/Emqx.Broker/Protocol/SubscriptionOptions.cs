namespace Emqx.Broker.Protocol;

/// <summary>The options of a subscription (MQTT 5, 3.8.3.1). <paramref name="Identifier"/> is 0 where there is none.</summary>
internal readonly record struct SubscriptionOptions(byte Qos, bool NoLocal, bool RetainAsPublished, byte RetainHandling, uint Identifier)
{
    /// <summary>The QoS of a delivery.</summary>
    /// <param name="published">That of the message.</param>
    /// <param name="upgrades">EMQX's upgrade_qos: the higher of both, where it is else the lower.</param>
    public byte QosOf(byte published, bool upgrades) => upgrades ? Math.Max(published, Qos) : Math.Min(published, Qos);
}
