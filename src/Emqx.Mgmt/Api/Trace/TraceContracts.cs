using System.Text.Json.Serialization;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Trace;

/// <summary>How lines are written: the words text and json.</summary>
internal sealed class TraceFormatterKind() : ChoiceKind(new SymbolKind("text"), new SymbolKind("json"));

/// <summary>What to trace.</summary>
/// <param name="Name">Starts with a letter, goes on with letters, digits, - and _; at most 256.</param>
/// <param name="Type">Which of the fields below says what is traced.</param>
/// <param name="Topic">A topic or a topic filter: what is published to it, subscribed and unsubscribed.</param>
/// <param name="Clientid">A client: all that it does, packet by packet.</param>
/// <param name="IpAddress">The address of clients.</param>
/// <param name="Ruleid">A rule.</param>
/// <param name="PayloadEncode">How payloads are written: as text, in hexadecimal digits, or not at all.</param>
/// <param name="StartAt">RFC 3339 or Unix seconds; now where left out.</param>
/// <param name="EndAt">RFC 3339 or Unix seconds; ten minutes after the start where left out.</param>
/// <param name="Formatter">How lines are written: as text, or each as an object of JSON.</param>
[PlainList]
internal sealed record TraceRequest(
    [Kind(typeof(ResourceNameKind))] string Name,
    TraceType Type,
    string? Topic = null,
    string? Clientid = null,
    string? IpAddress = null,
    string? Ruleid = null,
    PayloadEncode PayloadEncode = PayloadEncode.Text,
    [Kind(typeof(EpochSecondKind))] DateTimeOffset? StartAt = null,
    [Kind(typeof(EpochSecondKind))] DateTimeOffset? EndAt = null,
    [Kind(typeof(TraceFormatterKind))] string? Formatter = null) : IJsonBody<TraceRequest>
{
    /// <summary>What is wanted of the node.</summary>
    public TraceWish ToWish() => new(Name, Type, Type switch
    {
        TraceType.Topic => Topic,
        TraceType.Clientid => Clientid,
        TraceType.IpAddress => IpAddress,
        _ => Ruleid,
    }, PayloadEncode, Formatter == "json", StartAt?.ToUnixTimeSeconds(), EndAt?.ToUnixTimeSeconds());
}

/// <summary>A trace's place.</summary>
/// <param name="Name">Its name.</param>
internal sealed record TracePath([Kind(typeof(ResourceNameKind))] string Name) : IPathValues<TracePath>;

/// <summary>Whose logs are wanted.</summary>
/// <param name="Node">A node; left out: all.</param>
internal sealed record TraceNodeQuery(string? Node = null) : IQueryString<TraceNodeQuery>;

/// <summary>Which piece of a log is wanted.</summary>
/// <param name="Bytes">How long it may be; a piece has 1 MB at most.</param>
/// <param name="Position">Bytes before it.</param>
/// <param name="Node">The node that has written it; left out: this one.</param>
internal sealed record TraceLogQuery([Between(0, int.MaxValue)] int Bytes = 1000, long Position = 0, string? Node = null) : IQueryString<TraceLogQuery>;

/// <summary>A trace; of the fields clientid, ip_address, ruleid and topic it has the one of its type.</summary>
/// <param name="Clientid">The client.</param>
/// <param name="EndAt">When it ends.</param>
/// <param name="Formatter">How lines are written.</param>
/// <param name="IpAddress">The clients' address.</param>
/// <param name="LogSize">Bytes of its logs by node.</param>
/// <param name="Name">Its name.</param>
/// <param name="PayloadEncode">How payloads are written.</param>
/// <param name="Ruleid">The rule.</param>
/// <param name="StartAt">When it starts.</param>
/// <param name="Status"><c>waiting</c>, <c>running</c> or <c>stopped</c>.</param>
/// <param name="Topic">The topic filter.</param>
/// <param name="Type">What it looks at.</param>
internal sealed record TraceResponse(string? Clientid, string EndAt, string Formatter, string? IpAddress, IReadOnlyDictionary<string, long> LogSize, string Name,
    string PayloadEncode, string? Ruleid, string StartAt, string Status, string? Topic, string Type)
{
    /// <summary>What the API shows of a trace.</summary>
    public static TraceResponse From(TraceState state, TimeProvider time)
    {
        var trace = state.Trace;
        return new(Of("clientid"), TimeText.Seconds(trace.EndAt, time), trace.Formatter, Of("ip_address"), state.Sizes, trace.Name, trace.PayloadEncode,
            Of("ruleid"), TimeText.Seconds(trace.StartAt, time), state.Status, Of("topic"), trace.Type);

        string? Of(string type) => trace.Type == type ? trace.Filter : null;
    }
}

/// <summary>A trace that was stopped.</summary>
/// <param name="Enable">False.</param>
/// <param name="Name">Its name.</param>
internal sealed record StoppedTraceResponse(bool Enable, string Name);

/// <summary>A piece of a log.</summary>
/// <param name="Items">What was read; empty at the end.</param>
/// <param name="Meta">Where it was read.</param>
internal sealed record TraceLogResponse(string Items, TraceLogMeta Meta);

/// <summary>Where a piece of a log was read.</summary>
/// <param name="Bytes">As was asked for.</param>
/// <param name="Position">Where the next piece begins.</param>
internal sealed record TraceLogMeta(int Bytes, long Position);

/// <summary>The log of a trace on a node.</summary>
/// <param name="Mtime">When it was last written, Unix seconds.</param>
/// <param name="Node">The node.</param>
/// <param name="Size">Bytes.</param>
internal sealed record TraceFileResponse(long Mtime, string Node, long Size);

[JsonSerializable(typeof(TraceResponse))]
[JsonSerializable(typeof(IReadOnlyList<TraceResponse>))]
[JsonSerializable(typeof(StoppedTraceResponse))]
[JsonSerializable(typeof(TraceLogResponse))]
[JsonSerializable(typeof(IReadOnlyList<TraceFileResponse>))]
internal sealed partial class TraceJson : JsonSerializerContext;
