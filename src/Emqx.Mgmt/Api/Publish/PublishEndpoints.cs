using System.Text;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Protocol;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Publish;

/// <summary>Publishing without a client.</summary>
internal static class PublishEndpoints
{
    public static IServiceCollection AddPublish(this IServiceCollection services) => services.AddSingleton<ApiPublisher>();

    public static void MapPublish(this RouteGroupBuilder api)
    {
        var publish = api.MapGroup("/publish").WithTags("Publish").WithJson<PublishJson>().Fails(Failure.BadRequest, Failure.UnsupportedMediaType).WithMetadata(BodyLimit.Messages);

        publish.MapPost("", PublishMessage);
        publish.MapPost("/bulk", PublishMessages);
    }

    /// <summary>Publishes a message. 202 where nobody had subscribed to its topic.</summary>
    private static async Task<PublishAnswer> PublishMessage(PublishRequest request, ApiPublisher publisher)
    {
        if (ToMessage(request, publisher, out var refused) is not { } message)
            return new PublishAnswer(refused);
        return new PublishAnswer(PublishVerdict.Of(message, await publisher.PublishAsync(message)));
    }

    /// <summary>Publishes messages in order. One that cannot be published at all keeps them all back.</summary>
    private static async Task<Results<PublishBulkAnswer, PublishAnswer, ApiFailure>> PublishMessages(BodyList<PublishRequest> requests, ApiPublisher publisher)
    {
        if (requests.Items.Count == 0)
            return Failure.BadRequest.Because("empty_batch");
        var messages = new Message[requests.Items.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            if (ToMessage(requests.Items[i], publisher, out var refused) is not { } message)
                return new PublishAnswer(refused);
            messages[i] = message;
        }

        var going = new Task<PublishStatus>[messages.Length];
        for (var i = 0; i < messages.Length; i++)
        {
            going[i] = publisher.PublishAsync(messages[i]).AsTask();
            if (!DelayedTopic.IsDelayed(messages[i].Topic))
                await going[i]; // what is delayed waits for the disk, and may do so together
        }

        var verdicts = new PublishVerdict[messages.Length];
        for (var i = 0; i < messages.Length; i++)
            verdicts[i] = PublishVerdict.Of(messages[i], await going[i]);
        return new PublishBulkAnswer(verdicts);
    }

    /// <summary>The message; null, and why, where it cannot be published.</summary>
    private static Message? ToMessage(PublishRequest request, ApiPublisher publisher, out PublishVerdict refused)
    {
        refused = PublishVerdict.Undecodable;
        if (!TryDecode(request, out var payload))
            return null;
        var properties = Encode(request.Properties, out var isTooLong);
        var expiry = request.Properties?.MessageExpiryInterval;
        var message = publisher.Create(request.Topic, payload, (byte)request.Qos, request.Retain, properties,
            expiry is null ? null : (uint)Math.Clamp(expiry.Value, 0, uint.MaxValue));
        if ((publisher.Check(message) ?? (isTooLong ? PublishStatus.TooLarge : null)) is not { } status)
            return message;
        refused = PublishVerdict.Of(message, status);
        return null;
    }

    private static bool TryDecode(PublishRequest request, out byte[] payload)
    {
        if (request.PayloadEncoding == PublishEncoding.Plain)
        {
            payload = Encoding.UTF8.GetBytes(request.Payload);
            return true;
        }

        payload = new byte[request.Payload.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(request.Payload, payload, out var written))
            return false;
        Array.Resize(ref payload, written);
        return true;
    }

    private static byte[] Encode(PublishProperties? properties, out bool isTooLong)
    {
        isTooLong = false;
        if (properties is null)
            return [];
        var writer = new PropertyWriter();
        if (properties.PayloadFormatIndicator is { } indicator)
            writer.PayloadFormatIndicator((byte)indicator);
        if (properties.ContentType is { } type)
            writer.ContentType(type);
        if (properties.ResponseTopic is { } topic)
            writer.ResponseTopic(topic);
        if (properties.CorrelationData is { } data)
            writer.CorrelationData(data);
        foreach (var (name, value) in properties.UserProperties ?? new Dictionary<string, string>())
            writer.UserProperty(name, value);
        isTooLong = writer.IsTooLong;
        return writer.ToArray();
    }
}
