using System.Text.Json.Serialization;
using Emqx.Broker.Protocol;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Retainer;

/// <summary>Which retained messages are listed.</summary>
/// <param name="Topic">A topic name or filter; left out: all.</param>
internal sealed record RetainedQuery(string? Topic = null) : IQueryString<RetainedQuery>;

/// <summary>A retained message without its payload.</summary>
/// <param name="Msgid">32 hexadecimal digits.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Qos">As it was published.</param>
/// <param name="PublishAt">When it was published.</param>
/// <param name="FromClientid">Who has published it.</param>
/// <param name="FromUsername">The publisher's user name; <c>undefined</c> for a client without one, empty where it was no client.</param>
internal sealed record RetainedResponse(string Msgid, string Topic, int Qos, string PublishAt, string FromClientid, string FromUsername)
{
    /// <summary>What a list shows of a message.</summary>
    public static RetainedResponse From(Message message, TimeProvider time) => new(message.Id.ToString(), message.Topic, message.Qos,
        TimeText.Milliseconds(message.PublishedAt, time), message.From, message.FromUsername ?? (message.FromPeerHost is null ? "" : "undefined"));
}

/// <summary>A retained message.</summary>
/// <param name="Msgid">32 hexadecimal digits.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Qos">As it was published.</param>
/// <param name="PublishAt">When it was published.</param>
/// <param name="FromClientid">Who has published it.</param>
/// <param name="FromUsername">The publisher's user name; <c>undefined</c> for a client without one, empty where it was no client.</param>
/// <param name="Payload">In base64; left out above 1 MiB.</param>
internal sealed record RetainedDetailResponse(string Msgid, string Topic, int Qos, string PublishAt, string FromClientid, string FromUsername, string? Payload)
{
    private const int LargestPayload = 1 << 20;

    /// <summary>All that is shown of a message.</summary>
    public static RetainedDetailResponse From(Message message, TimeProvider time)
    {
        var summary = RetainedResponse.From(message, time);
        return new(summary.Msgid, summary.Topic, summary.Qos, summary.PublishAt, summary.FromClientid, summary.FromUsername,
            message.Payload.Length <= LargestPayload ? Convert.ToBase64String(message.Payload.Span) : null);
    }
}

[JsonSerializable(typeof(Paged<RetainedResponse>))]
[JsonSerializable(typeof(RetainedDetailResponse))]
internal sealed partial class RetainerJson : JsonSerializerContext;
