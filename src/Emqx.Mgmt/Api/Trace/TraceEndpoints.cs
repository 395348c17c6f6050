using Emqx.Broker.Modules.Tracing;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Trace;

/// <summary>Traces: logs of what single clients, addresses and topics do.</summary>
internal static class TraceEndpoints
{
    public static void MapTrace(this RouteGroupBuilder api)
    {
        var traces = api.MapGroup("/trace").WithTags("Trace").WithJson<TraceJson>();

        traces.MapGet("", ListTraces);
        traces.MapPost("", CreateTrace)
            .Fails(Failure.BadRequest, Failure.InvalidParams, Failure.AlreadyExists.At(StatusCodes.Status409Conflict), Failure.DuplicateCondition);
        traces.MapDelete("", DeleteAllTraces);
        traces.MapDelete("/{name}", DeleteTrace).Fails(Failure.BadRequest, Failure.NotFound);
        traces.MapPut("/{name}/stop", StopTrace).Fails(Failure.BadRequest, Failure.NotFound);
        traces.MapGet("/{name}/download", DownloadTraceLogs).Fails(Failure.BadRequest, Failure.NotFound);
        traces.MapGet("/{name}/log", ReadTraceLog).Fails(Failure.BadRequest, Failure.NotFound);
        traces.MapGet("/{name}/log_detail", DescribeTraceLogs).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Lists all traces, the latest start first.</summary>
    private static async Task<JsonAnswer<IReadOnlyList<TraceResponse>>> ListTraces(ITraceDirectory traces, TimeProvider time, CancellationToken cancellation)
    {
        var all = await traces.ListAsync(cancellation);
        return Answer.Ok<IReadOnlyList<TraceResponse>>([.. all.Select(trace => TraceResponse.From(trace, time))]);
    }

    /// <summary>Makes a trace of a client, an address, a topic or a rule.</summary>
    private static async Task<Results<JsonAnswer<TraceResponse>, ApiFailure>> CreateTrace(TraceRequest request, ITraceControl traces, TimeProvider time,
        CancellationToken cancellation)
    {
        var creation = await traces.CreateAsync(request.ToWish(), cancellation);
        return creation switch
        {
            { Made: { } made } => Answer.Ok(TraceResponse.From(made, time)),
            { Outcome: TraceOutcome.NameTaken } => Failure.AlreadyExists.As(StatusCodes.Status409Conflict, $"{creation.Reason} Already Exists"),
            { Outcome: TraceOutcome.DuplicateCondition } => Failure.DuplicateCondition.Because($"{creation.Reason} Duplication Condition"),
            _ => Failure.InvalidParams.Because(creation.Reason),
        };
    }

    /// <summary>Deletes all traces and their logs.</summary>
    private static async Task<NoContent> DeleteAllTraces(ITraceControl traces, CancellationToken cancellation)
    {
        await traces.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Deletes a trace and its logs.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteTrace(TracePath path, ITraceControl traces, CancellationToken cancellation) =>
        await traces.DeleteAsync(path.Name, cancellation) ? Answer.NoContent() : NoTrace(path);

    /// <summary>Stops a trace; it stays, with its logs.</summary>
    private static async Task<Results<JsonAnswer<StoppedTraceResponse>, ApiFailure>> StopTrace(TracePath path, ITraceControl traces, CancellationToken cancellation) =>
        await traces.StopAsync(path.Name, cancellation) ? Answer.Ok(new StoppedTraceResponse(Enable: false, path.Name)) : NoTrace(path);

    /// <summary>Downloads the logs of a trace as a zip file, one file a node.</summary>
    private static async Task<Results<TraceArchive, ApiFailure>> DownloadTraceLogs(TracePath path, TraceNodeQuery query, ITraceDirectory traces,
        CancellationToken cancellation)
    {
        var opening = await traces.OpenLogsAsync(path.Name, query.Node, cancellation);
        if (opening.Outcome != TraceOutcome.Done)
            return Failed(opening.Outcome, path);
        return opening.Logs.Count > 0 ? new TraceArchive(path.Name, opening.Logs) : Failure.NotFound.Because("Trace is empty");
    }

    /// <summary>Reads a piece of a trace's log.</summary>
    private static async Task<Results<JsonAnswer<TraceLogResponse>, ApiFailure>> ReadTraceLog(TracePath path, TraceLogQuery query, ITraceDirectory traces,
        CancellationToken cancellation)
    {
        var read = await traces.ReadLogAsync(path.Name, query.Node, query.Position, query.Bytes, cancellation);
        return read.Outcome == TraceOutcome.Done
            ? Answer.Ok(new TraceLogResponse(read.Text, new(query.Bytes, read.Next)))
            : Failed(read.Outcome, path);
    }

    /// <summary>Tells size and time of a trace's logs.</summary>
    private static async Task<Results<JsonAnswer<IReadOnlyList<TraceFileResponse>>, ApiFailure>> DescribeTraceLogs(TracePath path, ITraceDirectory traces,
        CancellationToken cancellation)
    {
        return await traces.DescribeLogsAsync(path.Name, cancellation) is { } logs
            ? Answer.Ok<IReadOnlyList<TraceFileResponse>>([.. logs.Select(static log => new TraceFileResponse(log.Facts.WrittenAt, log.Node, log.Facts.Size))])
            : NoTrace(path);
    }

    private static ApiFailure Failed(TraceOutcome outcome, TracePath path) =>
        outcome == TraceOutcome.UnknownNode ? Failure.NotFound.Because("Node NOT FOUND") : NoTrace(path);

    private static ApiFailure NoTrace(TracePath path) => Failure.NotFound.Because($"{path.Name} NOT FOUND");
}
