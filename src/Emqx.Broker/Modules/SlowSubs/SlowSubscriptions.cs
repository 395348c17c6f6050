using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.SlowSubs;

/// <summary>
/// Finds the clients and topics whose deliveries take long. Off, no hook is used, and what was found stays until it is cleared, as in EMQX.
/// </summary>
internal sealed class SlowSubscriptions(SettingsRoot<SlowSubsSettings> settings, NodeIdentity node, TimeProvider time)
    : INodeModule, ISlowSubscriptionDirectory, ISlowSubscriptionControl
{
    private const int MostListed = 1000;
    private const long Period = 10_000;

    private readonly SlowRanking _ranking = new();
    private IDisposable? _link;
    private long _nextLook;

    public void Attach(BrokerHooks hooks)
    {
        settings.Changed += (_, now) => TakeOver(hooks, now);
        TakeOver(hooks, settings.Current);
    }

    /// <summary>Forgets what has expired, every ten seconds.</summary>
    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var steady = time.SteadyMilliseconds();
        var current = settings.Current;
        if (!current.Enable || steady < _nextLook)
            return ValueTask.CompletedTask;
        _nextLook = steady + Period;
        _ranking.Trim(steady - current.ExpireInterval, MostOf(current));
        return ValueTask.CompletedTask;
    }

    public ValueTask ResetAsync(CancellationToken cancellation) => ClearAsync(cancellation);

    public ValueTask<IReadOnlyList<NodeTagged<SlowDelivery>>> ListAsync(CancellationToken cancellation) =>
        new([.. _ranking.ToArray().Select(slow => new NodeTagged<SlowDelivery>(node.Name, slow))]);

    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        _ranking.Clear();
        return ValueTask.CompletedTask;
    }

    private static int MostOf(SlowSubsSettings settings) => Math.Min(settings.TopKNum, MostListed);

    /// <summary>Called at the start, and by one change of the settings after the other.</summary>
    private void TakeOver(BrokerHooks hooks, SlowSubsSettings now)
    {
        if (now.Enable)
        {
            _ranking.Trim(long.MinValue, MostOf(now));
            _link ??= hooks.DeliveryCompleted.Add(OnCompleted);
            return;
        }

        _link?.Dispose();
        _link = null;
    }

    /// <summary>Under the session's lock: what is fast costs a few reads. Messages that are older than the session waited for nobody.</summary>
    private void OnCompleted(DeliveryCompleted told)
    {
        var (current, publishedAt) = (settings.Current, told.Message.PublishedAt);
        var timespan = current.StatsType switch
        {
            SlowSpan.Internal => told.BeganAt - publishedAt,
            SlowSpan.Response => told.At - told.BeganAt,
            _ => told.At - publishedAt,
        };
        if (timespan > current.Threshold && publishedAt > told.Session.CreatedAt && _ranking.Wants(timespan))
            _ranking.Add(new SlowDelivery(told.Session.ClientId, told.Message.Topic, timespan, told.At, time.SteadyMilliseconds()), MostOf(current));
    }
}
