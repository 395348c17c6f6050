using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Subscriptions;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>The subscriptions of one client.</summary>
internal static partial class ClientsEndpoints
{
    private static void MapSubscribing(this RouteGroupBuilder client)
    {
        client.MapGet("/subscriptions", ListClientSubscriptions);
        client.MapPost("/subscribe", SubscribeClient).Fails(Failure.BadRequest, Failure.InvalidParameter, Failure.UnsupportedMediaType);
        client.MapPost("/subscribe/bulk", SubscribeClientToMany).Fails(Failure.BadRequest, Failure.UnsupportedMediaType).WithMetadata(BodyLimit.Lists);
        client.MapPost("/unsubscribe", UnsubscribeClient).Fails(Failure.BadRequest, Failure.UnsupportedMediaType);
        client.MapPost("/unsubscribe/bulk", UnsubscribeClientFromMany).Fails(Failure.BadRequest, Failure.UnsupportedMediaType).WithMetadata(BodyLimit.Lists);
    }

    /// <summary>Lists the subscriptions of a client.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<JsonAnswer<IReadOnlyList<SubscriptionResponse>>, ApiFailure>> ListClientSubscriptions(string clientid,
        IClientControl control, CancellationToken cancel)
    {
        var result = await control.GetSubscriptionsAsync(clientid, cancel);
        return result.Outcome.Failed() is { } failure
            ? failure
            : Answer.Ok<IReadOnlyList<SubscriptionResponse>>(Array.ConvertAll(result.Value!, one => SubscriptionResponse.Of(one, clientid, result.Node)));
    }

    /// <summary>Subscribes a client, as its own SUBSCRIBE would, without authorization.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<JsonAnswer<SubscribedResponse>, ApiFailure>> SubscribeClient(string clientid, SubscribeRequest request,
        IClientControl control, CancellationToken cancel)
    {
        var result = await control.SubscribeAsync(clientid, [ToOrder(request)], cancel);
        if (result.Outcome.Failed() is { } failure)
            return failure;
        var (order, refused) = result.Value![0];
        return refused is { } reason ? reason.Failed() : Answer.Ok(ToResponse(order, clientid, result.Node));
    }

    /// <summary>Subscribes a client to many filters.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<JsonAnswer<IReadOnlyList<SubscribedResponse>>, JsonAnswer<SubscribedPartlyResponse>, ApiFailure>> SubscribeClientToMany(string clientid,
        BodyList<SubscribeRequest> requests, IClientControl control, CancellationToken cancel)
    {
        var result = await control.SubscribeAsync(clientid, [.. requests.Items.Select(ToOrder)], cancel);
        if (result.Outcome.Failed() is { } failure)
            return failure;
        var made = result.Value!.Where(one => one.Failure is null).Select(one => ToResponse(one.Order, clientid, result.Node)).ToList();
        if (made.Count == requests.Items.Count)
            return Answer.Ok<IReadOnlyList<SubscribedResponse>>(made);
        var refused = result.Value!.Where(one => one.Failure is not null).Select(one => ToFailure(one, clientid));
        return Answer.Ok(new SubscribedPartlyResponse(made, [.. refused]));
    }

    /// <summary>Unsubscribes a client. What it was not subscribed to does not matter.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<NoContent, ApiFailure>> UnsubscribeClient(string clientid, UnsubscribeRequest request, IClientControl control,
        CancellationToken cancel) => (await control.UnsubscribeAsync(clientid, [request.Topic], cancel)).Failed() is { } failure ? failure : Answer.NoContent();

    /// <summary>Unsubscribes a client from many filters.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<NoContent, ApiFailure>> UnsubscribeClientFromMany(string clientid, BodyList<UnsubscribeRequest> requests,
        IClientControl control, CancellationToken cancel)
    {
        var outcome = await control.UnsubscribeAsync(clientid, [.. requests.Items.Select(one => one.Topic)], cancel);
        return outcome.Failed() is { } failure ? failure : Answer.NoContent();
    }

    private static SubscribeOrder ToOrder(SubscribeRequest request) => new(request.Topic, request.Qos, request.Nl, request.Rap, request.Rh);

    private static SubscribedResponse ToResponse(SubscribeOrder order, string clientId, string node) =>
        new(clientId, order.Filter, node, order.Qos, order.NoLocal, order.RetainAsPublished, order.RetainHandling);

    private static SubscribeFailureResponse ToFailure(SubscribeResult result, string clientId)
    {
        var order = result.Order;
        return new SubscribeFailureResponse(
            [clientId, order.Filter, new SubscribeOptionsResponse(order.Qos, order.NoLocal, order.RetainAsPublished, order.RetainHandling)],
            result.Failure!.Value.Reason());
    }
}
