namespace Emqx.Broker.Protocol;

/// <summary>The options of a subscription (MQTT 5, 3.8.3.1). <paramref name="Identifier"/> is 0 where there is none.</summary>
internal readonly record struct SubscriptionOptions(byte Qos, bool NoLocal, bool RetainAsPublished, byte RetainHandling, uint Identifier);
