namespace Emqx.Broker.Settings;

/// <summary>The root <c>limiter</c>: what the whole node takes, whatever the listener.</summary>
/// <param name="MaxConnectionRate">New connections a second; below 0: no limit.</param>
/// <param name="MessagesRate">Messages a second of all clients together; below 0: no limit.</param>
/// <param name="BytesRate">Bytes a second of all clients together; below 0: no limit.</param>
internal sealed record LimiterSettings(double MaxConnectionRate = -1, double MessagesRate = -1, double BytesRate = -1);
