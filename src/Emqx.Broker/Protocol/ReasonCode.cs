namespace Emqx.Broker.Protocol;

/// <summary>The reason codes of MQTT 5 (2.4) that the broker sends, as bytes: acknowledgements share them.</summary>
internal static class ReasonCode
{
    public const byte Success = 0x00;
    public const byte DisconnectWithWill = 0x04;
    public const byte NoMatchingSubscribers = 0x10;
    public const byte NoSubscriptionExisted = 0x11;
    public const byte UnspecifiedError = 0x80;
    public const byte MalformedPacket = 0x81;
    public const byte ProtocolError = 0x82;
    public const byte ClientIdNotValid = 0x85;
    public const byte BadUserNameOrPassword = 0x86;
    public const byte NotAuthorized = 0x87;
    public const byte ServerUnavailable = 0x88;
    public const byte ServerShuttingDown = 0x8B;
    public const byte Banned = 0x8A;
    public const byte BadAuthenticationMethod = 0x8C;
    public const byte KeepAliveTimeout = 0x8D;
    public const byte SessionTakenOver = 0x8E;
    public const byte TopicFilterInvalid = 0x8F;
    public const byte TopicNameInvalid = 0x90;
    public const byte PacketIdentifierInUse = 0x91;
    public const byte PacketIdentifierNotFound = 0x92;
    public const byte ReceiveMaximumExceeded = 0x93;
    public const byte TopicAliasInvalid = 0x94;
    public const byte PacketTooLarge = 0x95;
    public const byte QuotaExceeded = 0x97;
    public const byte AdministrativeAction = 0x98;
    public const byte RetainNotSupported = 0x9A;
    public const byte QosNotSupported = 0x9B;
    public const byte SharedSubscriptionsNotSupported = 0x9E;
    public const byte SubscriptionIdentifiersNotSupported = 0xA1;
    public const byte WildcardSubscriptionsNotSupported = 0xA2;

    /// <summary>The CONNACK return code of MQTT 3.1.1 (3.2.2.3) that stands for a reason code of MQTT 5.</summary>
    public static byte ToReturnCode(byte reason) => reason switch
    {
        Success => 0,
        0x84 => 1,
        ClientIdNotValid => 2,
        BadUserNameOrPassword or BadAuthenticationMethod => 4,
        NotAuthorized or Banned => 5,
        _ => 3,
    };

    /// <summary>EMQX's word for a DISCONNECT's reason code, as its events tell it.</summary>
    public static string ToName(byte reason) => reason switch
    {
        Success => "normal",
        DisconnectWithWill => "disconnect_with_will_message",
        UnspecifiedError => "unspecified_error",
        MalformedPacket => "malformed_packet",
        ProtocolError => "protocol_error",
        NotAuthorized => "not_authorized",
        ServerUnavailable => "server_unavailable",
        ServerShuttingDown => "server_shutting_down",
        KeepAliveTimeout => "keepalive_timeout",
        SessionTakenOver => "session_taken_over",
        TopicFilterInvalid => "topic_filter_invalid",
        TopicNameInvalid => "topic_name_invalid",
        ReceiveMaximumExceeded => "receive_maximum_exceeded",
        TopicAliasInvalid => "topic_alias_invalid",
        PacketTooLarge => "packet_too_large",
        QuotaExceeded => "quota_exceeded",
        AdministrativeAction => "administrative_action",
        RetainNotSupported => "retain_not_supported",
        QosNotSupported => "qos_not_supported",
        _ => "unknown_error",
    };
}
