using System.Diagnostics;

namespace Emqx.TestKit;

/// <summary>Waits for what no packet announces.</summary>
public static class Eventually
{
    /// <summary>Yields until the condition holds; fails after half a minute.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience.Long)
                throw new ExpectationException($"not within {Patience.Long.TotalSeconds} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
    }
}
