using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>What holds for the delivery of retained messages: how fast a session gets them (<c>delivery_rate</c>), and of whom it gets none.</summary>
internal sealed class RetainedDelivery(SettingsRoot<RetainerSettings> settings, BanList bans, TimerWheel wheel, TimeProvider time)
{
    private const int ShortestRest = 100;
    private const int LongestRest = 1000;

    /// <summary>Messages a second; -1 for no limit. A second's worth comes at once, the rest as time passes.</summary>
    public double Rate => settings.Current.DeliveryRate;

    /// <summary>What a session may be sent from now on.</summary>
    public TokenBucket NewBucket() => new(time);

    /// <summary>Whether a message stays where it is, since its publisher is banned.</summary>
    public bool IsWithheld(Message message) => bans.IsBanned(message.From);

    /// <summary>Has the timer called when there is something to be sent again.</summary>
    public void Rest(WheelTimer timer) => wheel.Set(timer, wheel.Steady + (long)Math.Clamp(1000 / Rate, ShortestRest, LongestRest));
}
