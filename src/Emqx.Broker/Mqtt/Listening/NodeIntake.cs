using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>limiter.messages_rate and limiter.bytes_rate: what all clients together may send; connections take the buckets of the moment.</summary>
internal sealed class NodeIntake
{
    private readonly TimerWheel _wheel;
    private Buckets _buckets;

    public NodeIntake(SettingsRoot<LimiterSettings> settings, TimerWheel wheel)
    {
        _wheel = wheel;
        _buckets = Of(settings.Current);
        settings.Changed += (before, after) =>
        {
            if (before != after)
                Volatile.Write(ref _buckets, Of(after));
        };
    }

    /// <summary>What a new connection has to keep to; null where nothing bounds it.</summary>
    public IntakeLimit? LimitOf(ListenerSettings listener)
    {
        var node = Volatile.Read(ref _buckets);
        if (node is { Messages: null, Bytes: null } && !(listener.MessagesRate > 0) && !(listener.BytesRate > 0))
            return null;
        return new IntakeLimit(_wheel, Both(node.Messages, BucketOf(listener.MessagesRate)), Both(node.Bytes, BucketOf(listener.BytesRate)));
    }

    private static IntakeBucket[] Both(IntakeBucket? node, IntakeBucket? own) => new[] { node, own }.OfType<IntakeBucket>().ToArray();

    private IntakeBucket? BucketOf(double rate) => rate > 0 ? new IntakeBucket(_wheel, rate) : null;

    private Buckets Of(LimiterSettings settings) => new(BucketOf(settings.MessagesRate), BucketOf(settings.BytesRate));

    private sealed record Buckets(IntakeBucket? Messages, IntakeBucket? Bytes);
}
