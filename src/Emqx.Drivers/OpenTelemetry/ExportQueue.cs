namespace Emqx.Drivers.OpenTelemetry;

/// <summary>What waits to be sent. Whoever adds to it never waits: what does not fit is dropped.</summary>
/// <param name="Size">Most that waits.</param>
/// <param name="Delay">How long it may wait for more to be sent together.</param>
internal sealed record ExportQueue(int Size, TimeSpan Delay)
{
    private const int LargestBatch = 512;

    /// <summary>Most that is sent in one request.</summary>
    public int Batch => Math.Min(Size, LargestBatch);

    /// <summary>The delay in milliseconds.</summary>
    public int Milliseconds => (int)Delay.TotalMilliseconds;
}
