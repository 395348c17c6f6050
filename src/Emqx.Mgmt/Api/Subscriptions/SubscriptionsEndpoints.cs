using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Clients;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using SubscriptionPage = Emqx.Mgmt.Api.Json.RowAnswer<Emqx.Mgmt.Api.Paging.Paged<Emqx.Mgmt.Api.Subscriptions.SubscriptionResponse>, Emqx.Broker.Clients.SubscriptionRow, bool>;

namespace Emqx.Mgmt.Api.Subscriptions;

/// <summary>Subscriptions: who gets what.</summary>
internal static class SubscriptionsEndpoints
{
    private const int TypicalRow = 192;

    public static IServiceCollection AddSubscriptions(this IServiceCollection services) =>
        services.AddSingleton<IValidator<SubscriptionQuery>, SubscriptionQueryValidator>();

    public static void MapSubscriptions(this RouteGroupBuilder api)
    {
        var subscriptions = api.MapGroup("/subscriptions").WithTags("Subscriptions").WithJson<SubscriptionsJson>();

        subscriptions.MapGet("", ListSubscriptions).WithPaging().Fails(Failure.BadRequest, Failure.InvalidParameter, Failure.NodeDown);
    }

    /// <summary>Lists subscriptions, in descending order of their filters, shared ones last.</summary>
    private static async Task<Results<SubscriptionPage, ApiFailure>> ListSubscriptions(PageQuery page, SubscriptionQuery query,
        ISubscriptionDirectory subscriptions, CancellationToken cancel)
    {
        var rows = await subscriptions.ListAsync(query.ToFilter(), page.Number, page.Limit, cancel);
        return rows.UnreachableNode is { } node
            ? ControlAnswers.NodeDown(node, rows.UnreachableReason)
            : new SubscriptionPage(rows, false, Write, TypicalRow);
    }

    private static void Write(RowBuffer json, in SubscriptionRow row, bool isDurable)
    {
        json.Raw("{\"topic\":"u8);
        json.Text(row.Topic);
        json.Raw(",\"clientid\":"u8);
        json.Text(row.ClientId);
        json.Raw(",\"node\":"u8);
        json.Text(row.Node);
        var rest = new RowSpan(json.GetSpan(128));
        rest.Number(",\"qos\":"u8, row.Options.Qos);
        rest.Number(",\"nl\":"u8, row.Options.NoLocal ? 1 : 0);
        rest.Number(",\"rap\":"u8, row.Options.RetainAsPublished ? 1 : 0);
        rest.Number(",\"rh\":"u8, row.Options.RetainHandling);
        rest.Bool(",\"durable\":"u8, isDurable);
        rest.Raw("}"u8);
        json.Advance(rest.Length);
    }
}
