namespace Emqx.Broker.Modules.SlowSubs;

/// <summary>The slowest delivery to a client on a topic.</summary>
/// <param name="Timespan">How long it took, milliseconds.</param>
/// <param name="At">When it was seen, Unix milliseconds.</param>
/// <param name="SteadyAt">The same in steady milliseconds, by which it expires.</param>
internal sealed record SlowDelivery(string ClientId, string Topic, long Timespan, long At, long SteadyAt);
