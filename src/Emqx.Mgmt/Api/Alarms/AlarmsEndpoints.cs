using Emqx.Broker.Modules.Alarms;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Alarms;

/// <summary>What is wrong with the nodes, and what has been.</summary>
internal static class AlarmsEndpoints
{
    public static IServiceCollection AddAlarms(this IServiceCollection services) =>
        services.AddSingleton<IValidator<ForceDeactivateRequest>, ForceDeactivateRequestValidator>();

    public static void MapAlarms(this RouteGroupBuilder api)
    {
        var alarms = api.MapGroup("/alarms").WithTags("Alarms").WithJson<AlarmsJson>();

        alarms.MapGet("", ListAlarms).WithPaging().Fails(Failure.BadRequest);
        alarms.MapDelete("", DeletePastAlarms);
        alarms.MapPost("/force_deactivate", DeactivateAlarm).Fails(Failure.BadRequest, Failure.InvalidParameter, Failure.NotFound.At(StatusCodes.Status400BadRequest));
    }

    /// <summary>Lists the active or the past alarms, the newest first.</summary>
    private static async Task<PageRows<AlarmResponse>> ListAlarms(PageQuery page, AlarmsQuery query, IAlarmDirectory alarms, TimeProvider time,
        CancellationToken cancellation)
    {
        var found = await alarms.ListAsync(query.Activated, cancellation);
        return PageRows.Of(found, page, alarm => AlarmResponse.From(alarm, time));
    }

    /// <summary>Forgets the past alarms.</summary>
    private static async Task<NoContent> DeletePastAlarms(IAlarmControl alarms, CancellationToken cancellation)
    {
        await alarms.ClearPastAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Ends an active alarm by hand; it becomes a past one.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeactivateAlarm(ForceDeactivateRequest request, IAlarmControl alarms,
        CancellationToken cancellation)
    {
        return await alarms.DeactivateAsync(request.Name!, cancellation)
            ? Answer.NoContent()
            : Failure.NotFound.As(StatusCodes.Status400BadRequest, "not_found");
    }
}
