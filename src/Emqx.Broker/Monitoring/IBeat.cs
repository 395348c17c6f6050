namespace Emqx.Broker.Monitoring;

/// <summary>Work that is done by the clock: looked at about once a second, decides itself whether it is due.</summary>
internal interface IBeat
{
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="cancellation">The node is stopping.</param>
    ValueTask BeatAsync(long now, CancellationToken cancellation);
}
