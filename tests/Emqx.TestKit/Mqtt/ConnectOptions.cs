namespace Emqx.TestKit.Mqtt;

/// <summary>What a CONNECT says.</summary>
public sealed record ConnectOptions
{
    /// <summary>3, 4 or 5.</summary>
    public byte Version { get; init; } = 5;
    public string ClientId { get; init; } = Unique.Name("c");
    public bool Clean { get; init; } = true;

    /// <summary>Seconds.</summary>
    public int KeepAlive { get; init; } = 60;
    public string? Username { get; init; }
    public byte[]? Password { get; init; }
    public PropertyList Properties { get; init; } = [];
    public Will? Will { get; init; }

    /// <summary>A session of MQTT 5 that outlives the connection by so many seconds, or the like for MQTT 3.</summary>
    public static ConnectOptions Lasting(string clientId, byte version = 5, uint seconds = 3600) => new()
    {
        Version = version, ClientId = clientId, Clean = false,
        Properties = version == 5 ? new PropertyList { { Property.SessionExpiryInterval, seconds } } : [],
    };

    /// <summary>The packet.</summary>
    public byte[] ToPacket()
    {
        var flags = (Clean ? 0x02 : 0) | (Username is null ? 0 : 0x80) | (Password is null ? 0 : 0x40)
            | (Will is null ? 0 : 0x04 | Will.Qos << 3 | (Will.Retain ? 0x20 : 0));
        var body = new PacketWriter().Text(Version == 3 ? "MQIsdp" : "MQTT").Byte(Version).Byte((byte)flags).Short(KeepAlive);
        if (Version == 5)
            body.Raw(Properties.Encode());
        body.Text(ClientId);
        if (Will is not null)
        {
            if (Version == 5)
                body.Raw(Will.Properties.Encode());
            body.Text(Will.Topic).Binary(Will.Payload);
        }

        if (Username is not null)
            body.Text(Username);
        if (Password is not null)
            body.Binary(Password);
        return body.ToPacket(PacketType.Connect);
    }
}

/// <summary>The will of a CONNECT.</summary>
public sealed record Will(string Topic, byte[] Payload)
{
    public int Qos { get; init; }
    public bool Retain { get; init; }
    public PropertyList Properties { get; init; } = [];
}
