namespace Emqx.Broker.Timing;

/// <summary>Time that only ever goes on, whatever is done to the wall clock: for everything that lasts. Stamps that people read are the wall clock's.</summary>
internal static class SteadyTime
{
    /// <summary>Milliseconds since some moment before the start.</summary>
    public static long SteadyMilliseconds(this TimeProvider time) => time.GetTimestamp() / Math.Max(1, time.TimestampFrequency / 1000);
}
