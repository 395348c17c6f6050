using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Publish;

/// <summary>What came of one message.</summary>
internal readonly struct PublishVerdict
{
    private readonly Message? _message;
    private readonly PublishStatus _status;
    private readonly bool _isUndecodable;

    private PublishVerdict(Message? message, PublishStatus status, bool isUndecodable) => (_message, _status, _isUndecodable) = (message, status, isUndecodable);

    public static PublishVerdict Of(Message message, PublishStatus status) => new(message, status, false);

    /// <summary>The payload is no base64.</summary>
    public static PublishVerdict Undecodable => new(null, PublishStatus.FailedToDispatch, true);

    /// <summary>The status of an answer that consists of it.</summary>
    public int HttpStatus => _status switch
    {
        PublishStatus.Delivered => StatusCodes.Status200OK,
        PublishStatus.NoSubscribers => StatusCodes.Status202Accepted,
        PublishStatus.FailedToDispatch when !_isUndecodable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    public void Write(RowBuffer json)
    {
        if (_status == PublishStatus.Delivered)
            WriteId(json, _message!.Id);
        else
            WriteReason(json);
    }

    private static void WriteId(RowBuffer json, MessageId id)
    {
        var room = json.GetSpan(48);
        "{\"id\":\""u8.CopyTo(room);
        id.High.TryFormat(room[7..], out _, "X16");
        id.Low.TryFormat(room[23..], out _, "X16");
        "\"}"u8.CopyTo(room[39..]);
        json.Advance(41);
    }

    private void WriteReason(RowBuffer json)
    {
        if (_isUndecodable)
            json.Raw("{\"reason_code\":131,\"message\":\"failed_to_decode_base64_payload\"}"u8);
        else
            json.Raw(_status switch
            {
                PublishStatus.NoSubscribers => "{\"reason_code\":16,\"message\":\"no_matching_subscribers\"}"u8,
                PublishStatus.TopicInvalid => "{\"reason_code\":144,\"message\":\"topic_name_invalid\"}"u8,
                PublishStatus.TooLarge => "{\"reason_code\":151,\"message\":\"packet_too_large\"}"u8,
                _ => "{\"reason_code\":131,\"message\":\"failed_to_dispatch\"}"u8,
            });
    }
}
