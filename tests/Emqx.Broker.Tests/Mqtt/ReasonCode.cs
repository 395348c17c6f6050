namespace Emqx.Broker.Tests.Mqtt;

/// <summary>MQTT 5's reason codes (2.4) that the tests name.</summary>
internal static class ReasonCode
{
    public const byte NoMatchingSubscribers = 0x10, NoSubscriptionExisted = 0x11, MalformedPacket = 0x81, ProtocolError = 0x82,
        UnsupportedVersion = 0x84, ClientIdNotValid = 0x85, BadCredentials = 0x86, NotAuthorized = 0x87, Banned = 0x8A,
        ServerShuttingDown = 0x8B, KeepAliveTimeout = 0x8D, SessionTakenOver = 0x8E, TopicFilterInvalid = 0x8F, TopicNameInvalid = 0x90,
        PacketIdInUse = 0x91, PacketIdNotFound = 0x92, ReceiveMaximumExceeded = 0x93, TopicAliasInvalid = 0x94, PacketTooLarge = 0x95,
        QuotaExceeded = 0x97, AdministrativeAction = 0x98, RetainNotSupported = 0x9A, QosNotSupported = 0x9B, SharedNotSupported = 0x9E,
        SubscriptionIdsNotSupported = 0xA1, WildcardsNotSupported = 0xA2;
}
