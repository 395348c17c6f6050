namespace Emqx.Broker.Modules.Tracing;

/// <summary>A trace whose time is now, and where its lines go.</summary>
internal sealed record RunningTrace(TraceFilter Filter, TraceLog Log);
