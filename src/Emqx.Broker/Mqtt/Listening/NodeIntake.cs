using System.Collections.Concurrent;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>
/// limiter.messages_rate and limiter.bytes_rate: what all clients together may send; and what those of a listener may, where its older form
/// <c>limiter</c> says so. Connections take the buckets of the moment.
/// </summary>
internal sealed class NodeIntake
{
    private readonly TimerWheel _wheel;
    private readonly ConcurrentDictionary<string, OfListener> _listeners = new(StringComparer.Ordinal); // those alone that have a rate for all together
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
        var (node, shared) = (Volatile.Read(ref _buckets), SharedOf(listener));
        if (node is { Messages: null, Bytes: null } && shared is null && !(listener.MessagesRate > 0) && !(listener.BytesRate > 0))
            return null;
        IntakeBucket[] messages = [.. Set(node.Messages, shared?.Messages, BucketOf(listener.MessagesRate))];
        IntakeBucket[] bytes = [.. Set(node.Bytes, shared?.Bytes, BucketOf(listener.BytesRate))];
        return new IntakeLimit(_wheel, messages, bytes);
    }

    private static IEnumerable<IntakeBucket> Set(params IntakeBucket?[] buckets) => buckets.OfType<IntakeBucket>();

    private Buckets? SharedOf(ListenerSettings listener)
    {
        var (messages, bytes) = (listener.SharedMessagesRate, listener.SharedBytesRate);
        if (!(messages > 0) && !(bytes > 0))
            return null;
        return _listeners.AddOrUpdate(listener.Id, _ => Make(), (_, known) => known.MessagesRate.Equals(messages) && known.BytesRate.Equals(bytes) ? known : Make()).Buckets;

        OfListener Make() => new(messages, bytes, new(BucketOf(messages), BucketOf(bytes)));
    }

    private IntakeBucket? BucketOf(double rate) => rate > 0 ? new IntakeBucket(_wheel, rate) : null;

    private Buckets Of(LimiterSettings settings) => new(BucketOf(settings.MessagesRate), BucketOf(settings.BytesRate));

    private sealed record OfListener(double MessagesRate, double BytesRate, Buckets Buckets);

    private sealed record Buckets(IntakeBucket? Messages, IntakeBucket? Bytes);
}
