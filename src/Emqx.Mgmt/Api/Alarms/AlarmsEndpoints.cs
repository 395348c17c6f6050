using Emqx.Broker.Modules.Alarms;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Alarms;

/// <summary>What is wrong with the nodes, and what has been.</summary>
internal static class AlarmsEndpoints
{
    public static void MapAlarms(this RouteGroupBuilder api)
    {
        var alarms = api.MapGroup("/alarms").WithTags("Alarms").WithJson<AlarmsJson>();

        alarms.MapGet("", ListAlarms).Fails(Failure.BadRequest);
        alarms.MapDelete("", DeletePastAlarms);
        alarms.MapPost("/force_deactivate", DeactivateAlarm).Fails(Failure.BadRequest, Failure.InvalidParameter, Failure.NotFound);
    }

    /// <summary>Lists the active or the past alarms, the newest first.</summary>
    private static async Task<Ok<Paged<AlarmResponse>>> ListAlarms(PageQuery page, AlarmsQuery query, IAlarmDirectory alarms, TimeProvider time,
        CancellationToken cancellation)
    {
        var found = await alarms.ListAsync(query.Activated, cancellation);
        List<AlarmResponse> rows = [];
        for (var i = page.Skip; i < found.Count && rows.Count < page.Limit; i++)
            rows.Add(AlarmResponse.From(found[(int)i], time));
        return Answer.Ok(new Paged<AlarmResponse>(rows, new PageMeta(page.Page, page.Limit, found.Count, page.Skip + rows.Count < found.Count)));
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
        if (string.IsNullOrEmpty(request.Name))
            return Failure.InvalidParameter.Because("name is required");
        return await alarms.DeactivateAsync(request.Name, cancellation)
            ? Answer.NoContent()
            : Failure.NotFound.As(StatusCodes.Status400BadRequest, "not_found");
    }
}
