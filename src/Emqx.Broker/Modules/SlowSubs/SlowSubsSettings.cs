namespace Emqx.Broker.Modules.SlowSubs;

/// <summary>The root <c>slow_subs</c>; times in milliseconds.</summary>
internal sealed record SlowSubsSettings(bool Enable = false, long Threshold = 500, long ExpireInterval = 300_000, int TopKNum = 10, SlowSpan StatsType = SlowSpan.Whole);

/// <summary>Which part of a delivery's time counts.</summary>
internal enum SlowSpan
{
    /// <summary>From publish to completion.</summary>
    Whole,

    /// <summary>From publish to the first sending.</summary>
    Internal,

    /// <summary>From the first sending to completion.</summary>
    Response,
}
