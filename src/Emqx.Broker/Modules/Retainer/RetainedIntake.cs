using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>How fast messages are kept and cleared (<c>max_publish_rate</c>), those of all publishers together.</summary>
internal sealed class RetainedIntake(SettingsRoot<RetainerSettings> settings, TimeProvider time, ILogger<RetainedIntake> logger)
{
    private readonly TokenBucket _tokens = new(time);
    private readonly LineASecond _lines = new(time);

    /// <summary>Whether there is room for one more. What the node says of itself does not count.</summary>
    public bool Takes(Message message)
    {
        if (message.IsSystem || _tokens.TryTake(settings.Current.MaxPublishRate))
            return true;
        if (_lines.IsDue(out var count))
            RetainerLog.TooFast(logger, count);
        return false;
    }
}
