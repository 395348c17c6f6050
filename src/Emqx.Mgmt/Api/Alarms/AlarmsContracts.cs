using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Broker.Storage;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Alarms;

/// <summary>Which alarms are wanted.</summary>
/// <param name="Activated">Those that are active, or those that are past.</param>
internal sealed record AlarmsQuery(bool Activated = true) : IQueryString<AlarmsQuery>;

/// <summary>Which alarm is to end.</summary>
/// <param name="Name">Its name; must be given.</param>
[Unconverted]
internal sealed record ForceDeactivateRequest(string? Name = null) : IJsonBody<ForceDeactivateRequest>;

/// <summary>An alarm.</summary>
/// <param name="Node">The node that has raised it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Message">What has happened, for people.</param>
/// <param name="Details">What has happened, by name.</param>
/// <param name="Duration">Milliseconds; grows while the alarm is active.</param>
/// <param name="ActivateAt">When it was raised.</param>
/// <param name="DeactivateAt">When it ended; of past alarms alone.</param>
internal sealed record AlarmResponse(string Node, string Name, string Message, JsonElement Details, long Duration, string ActivateAt,
    string? DeactivateAt = null)
{
    /// <summary>What the API shows of an alarm.</summary>
    public static AlarmResponse From(StoredAlarm alarm, TimeProvider time)
    {
        var end = alarm.DeactivatedAt ?? time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var until = alarm.DeactivatedAt is { } past ? TimeText.Milliseconds(past / 1000, time) : null;
        using var details = JsonDocument.Parse(alarm.Details);
        return new AlarmResponse(alarm.Node, alarm.Name, alarm.Message, details.RootElement.Clone(), Math.Max(0, end - alarm.ActivatedAt) / 1000,
            TimeText.Milliseconds(alarm.ActivatedAt / 1000, time), until);
    }
}

[JsonSerializable(typeof(AlarmResponse))]
[JsonSerializable(typeof(Paged<AlarmResponse>))]
internal sealed partial class AlarmsJson : JsonSerializerContext;
