using System.Buffers;
using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>Tells of alarms below <c>$SYS/brokers/NODE/alarms</c>.</summary>
internal sealed class AlarmTopics(IMessagePublisher publisher, NodeIdentity identity, TimeProvider time)
{
    /// <summary>MQTT 5 property content type (3): application/json.</summary>
    private static readonly byte[] s_properties = [0x03, 0x00, 0x10, .. "application/json"u8];

    public void Activated(StoredAlarm alarm) => Publish("activate", alarm);

    public void Deactivated(StoredAlarm alarm) => Publish("deactivate", alarm);

    private void Publish(string what, StoredAlarm alarm)
    {
        var topic = $"$SYS/brokers/{identity.Name}/alarms/{what}";
        publisher.Publish(Message.Create(topic, Payload(alarm), "emqx_alarm", time.GetUtcNow().ToUnixTimeMilliseconds(),
            properties: s_properties, isSystem: true));
    }

    private static ReadOnlyMemory<byte> Payload(StoredAlarm alarm)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("name"u8, alarm.Name);
        json.WritePropertyName("details"u8);
        json.WriteRawValue(alarm.Details);
        json.WriteString("message"u8, alarm.Message);
        json.WriteNumber("activate_at"u8, alarm.ActivatedAt);
        if (alarm.DeactivatedAt is { } end)
            json.WriteNumber("deactivate_at"u8, end);
        else
            json.WriteString("deactivate_at"u8, "infinity"u8);
        json.WriteBoolean("activated"u8, alarm.DeactivatedAt is null);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
