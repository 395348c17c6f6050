using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>A message that waits, with its real topic.</summary>
/// <param name="ExpectedAt">When it is published, Unix milliseconds.</param>
/// <param name="IntervalSeconds">How long it was told to wait.</param>
internal sealed record DelayedMessage(Message Message, long ExpectedAt, long IntervalSeconds)
{
    /// <summary>How long it still waits, in seconds.</summary>
    public long RemainingSeconds(long now) => Math.Max(0, (ExpectedAt - now) / 1000);
}

/// <summary>Waiting messages in the order in which they are due.</summary>
internal readonly struct DelayedOrder : IRowOrder<DelayedMessage, (long ExpectedAt, MessageId Id)>
{
    public static (long ExpectedAt, MessageId Id) KeyOf(DelayedMessage row) => (row.ExpectedAt, row.Message.Id);

    public static int Compare(in (long ExpectedAt, MessageId Id) key, DelayedMessage row)
    {
        var order = key.ExpectedAt.CompareTo(row.ExpectedAt);
        if (order != 0)
            return order;
        var id = row.Message.Id;
        order = key.Id.High.CompareTo(id.High);
        return order != 0 ? order : key.Id.Low.CompareTo(id.Low);
    }
}
