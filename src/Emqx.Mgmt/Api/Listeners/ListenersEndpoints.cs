using Emqx.Broker.Listeners;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Listeners;

/// <summary>Where MQTT clients connect.</summary>
internal static class ListenersEndpoints
{
    /// <summary>A listener of that name is there, or the body names another one.</summary>
    private static readonly Failure s_otherOrTaken = Failure.BadListenerId.At(StatusCodes.Status400BadRequest);

    public static void MapListeners(this RouteGroupBuilder api)
    {
        var all = api.MapGroup("").WithTags("Listeners").WithJson<ListenersJson>().Fails(Failure.BadRequest);
        all.MapGet("/listeners_status", ListListenerTypes);
        all.MapGet("/listeners", ListListeners);
        all.MapPost("/listeners", CreateListener).Fails(s_otherOrTaken);

        var listener = all.MapGroup("/listeners/{id}").Fails(Failure.BadListenerId);
        listener.MapGet("", GetListener);
        listener.MapPut("", UpdateListener).Fails(s_otherOrTaken);
        listener.MapPost("", CreateListenerById).Fails(s_otherOrTaken);
        listener.MapDelete("", DeleteListener);
        listener.MapPost("/start", StartListener);
        listener.MapPost("/stop", StopListener);
        listener.MapPost("/restart", RestartListener);
    }

    /// <summary>Lists the listeners and their states on each node.</summary>
    private static async Task<JsonAnswer<ListenerItemResponse[]>> ListListeners(ListenersQuery query, IListenerDirectory listeners,
        CancellationToken cancellation)
    {
        var wanted = query.Type?.ToString();
        var found = await listeners.ListAsync(cancellation);
        return Answer.Ok<ListenerItemResponse[]>([.. found.Where(one => wanted is null || one.Id.Type.Equals(wanted, StringComparison.OrdinalIgnoreCase)).Select(ListenerWriter.ToItem)]);
    }

    /// <summary>Sums the listeners up by type.</summary>
    private static async Task<JsonAnswer<ListenerTypeResponse[]>> ListListenerTypes(IListenerDirectory listeners, CancellationToken cancellation)
    {
        var found = await listeners.ListAsync(cancellation);
        return Answer.Ok<ListenerTypeResponse[]>([.. found.GroupBy(one => one.Id.Type).Select(type => ListenerWriter.ToType(type.Key, [.. type]))]);
    }

    /// <summary>Shows the configuration and the state of a listener.</summary>
    private static async Task<Results<JsonAnswer<ListenerResponse>, ApiFailure>> GetListener(ListenerPath path,
        IListenerDirectory listeners, CancellationToken cancellation) =>
        await listeners.FindAsync(path.Listener, cancellation) is { } found
            ? Answer.WrittenFrom<ListenerResponse, ListenerFacts>(found, ListenerWriter.WriteOne)
            : NotFound();

    /// <summary>Makes a listener and starts it.</summary>
    private static async Task<Results<JsonAnswer<ListenerResponse>, ApiFailure>> CreateListener(ListenerBody body,
        IListenerControl control, IListenerDirectory listeners, CancellationToken cancellation)
    {
        var (id, fields, problem) = ListenerBodies.ReadNamed(body.Fields);
        if (problem is not null)
            return Failure.BadRequest.Because(problem);
        return await ShowAsync(await control.CreateAsync(id, fields, cancellation), id, listeners, cancellation);
    }

    /// <summary>Makes a listener and starts it; its name is in the path. Deprecated.</summary>
    private static async Task<Results<JsonAnswer<ListenerResponse>, ApiFailure>> CreateListenerById(ListenerPath path,
        ListenerBody body, IListenerControl control, IListenerDirectory listeners, CancellationToken cancellation)
    {
        var (fields, problem, isOther) = ListenerBodies.ReadWithId(body.Fields, path.Listener, needsBind: true);
        if (problem is not null)
            return Failure.BadRequest.Because(problem);
        if (isOther)
            return OtherId();
        return await ShowAsync(await control.CreateAsync(path.Listener, fields, cancellation), path.Listener, listeners, cancellation);
    }

    /// <summary>Changes a listener; what is left out stays.</summary>
    private static async Task<Results<JsonAnswer<ListenerResponse>, ApiFailure>> UpdateListener(ListenerPath path, ListenerBody body,
        IListenerControl control, IListenerDirectory listeners, CancellationToken cancellation)
    {
        var (fields, problem, isOther) = ListenerBodies.ReadWithId(body.Fields, path.Listener, needsBind: false);
        if (problem is not null)
            return Failure.BadRequest.Because(problem);
        if (isOther)
            return OtherId();
        return await ShowAsync(await control.UpdateAsync(path.Listener, fields, cancellation), path.Listener, listeners, cancellation);
    }

    /// <summary>Closes a listener with its connections and removes it.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteListener(ListenerPath path, IListenerControl control,
        CancellationToken cancellation) =>
        Refusal(await control.DeleteAsync(path.Listener, cancellation)) is { } failure ? failure : Answer.NoContent();

    /// <summary>Enables a listener and starts it.</summary>
    private static async Task<Results<Ok, ApiFailure>> StartListener(ListenerPath path, IListenerControl control, CancellationToken cancellation) =>
        Acted(await control.StartAsync(path.Listener, cancellation));

    /// <summary>Disables a listener and closes it with its connections.</summary>
    private static async Task<Results<Ok, ApiFailure>> StopListener(ListenerPath path, IListenerControl control, CancellationToken cancellation) =>
        Acted(await control.StopAsync(path.Listener, cancellation));

    /// <summary>Applies a listener's configuration again; its clients stay.</summary>
    private static async Task<Results<Ok, ApiFailure>> RestartListener(ListenerPath path, IListenerControl control, CancellationToken cancellation) =>
        Acted(await control.RestartAsync(path.Listener, cancellation));

    private static async Task<Results<JsonAnswer<ListenerResponse>, ApiFailure>> ShowAsync(ListenerOutcome outcome, ListenerId id,
        IListenerDirectory listeners, CancellationToken cancellation)
    {
        if (Refusal(outcome) is { } failure)
            return failure;
        return await listeners.FindAsync(id, cancellation) is { } made
            ? Answer.WrittenFrom<ListenerResponse, ListenerFacts>(made, ListenerWriter.WriteOne)
            : NotFound();
    }

    private static Results<Ok, ApiFailure> Acted(ListenerOutcome outcome) => Refusal(outcome) is { } failure ? failure : TypedResults.Ok();

    private static ApiFailure? Refusal(ListenerOutcome outcome) => outcome.Result switch
    {
        ListenerResult.Done => null,
        ListenerResult.Unknown => NotFound(),
        ListenerResult.Exists => s_otherOrTaken.Because("Already Exist"),
        _ => Failure.BadRequest.Because(outcome.Reason),
    };

    private static ApiFailure NotFound() => Failure.BadListenerId.Because("Listener id not found");

    private static ApiFailure OtherId() => s_otherOrTaken.Because("Path and body's listener id not match");
}
