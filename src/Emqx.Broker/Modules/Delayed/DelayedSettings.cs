namespace Emqx.Broker.Modules.Delayed;

/// <summary>The root <c>delayed</c>. Turning it off deletes what waits; <paramref name="MaxDelayedMessages"/> 0 is no limit.</summary>
internal sealed record DelayedSettings(bool Enable = true, int MaxDelayedMessages = 0);
