namespace Emqx.Broker.Settings;

/// <summary>The root <c>limiter</c>: what the whole node takes, whatever the listener.</summary>
/// <param name="MaxConnectionRate">New connections a second; below 0: no limit.</param>
internal sealed record LimiterSettings(double MaxConnectionRate = -1);
