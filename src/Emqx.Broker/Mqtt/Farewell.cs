using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Mqtt;

/// <summary>
/// The last words of a node that goes down: all wills first, delayed ones at once, to watchers who are still connected and have a
/// moment to take them; then the goodbyes. Its moments are the wire's: they pass also where the node's clock stands still.
/// </summary>
internal sealed class Farewell(SessionTable sessions, SessionEvents events)
{
    private const int WillsInOneFlush = 1024; // those who hear of all of them are written to a few times, not once for every few wills
    private const int GoodbyesInOneFlush = 64;
    private const int IdleTurns = 10; // nobody has taken anything for so long: who waits for such a reader waits in vain

    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_goodbyes = TimeSpan.FromMilliseconds(300);

    /// <summary>Publishes every will, and gives verdicts and watchers their moment.</summary>
    public async Task PublishWillsAsync(CancellationToken cancellation)
    {
        if (PublishWills(cancellation) == 0 && events.WillsUnderWay == 0)
            return;
        List<Connection>? watchers = null;
        var (least, idle) = (long.MaxValue, 0);
        await WaitUntilAsync(HaveTaken, s_patience, cancellation).ConfigureAwait(false);

        bool HaveTaken()
        {
            if (events.WillsUnderWay != 0)
                return false;
            watchers ??= [.. sessions.Connections.OfType<Connection>()];
            var waiting = Waiting(watchers);
            if (watchers.Count == 0 || idle >= IdleTurns)
                return true;
            idle = waiting < least ? 0 : idle + 1;
            least = Math.Min(least, waiting);
            return false;
        }
    }

    /// <summary>
    /// Tells every client that the node goes down, closes its connection, and gives the last packets a moment to leave: who has not left
    /// then, or when the caller's patience ends, is the caller's to cut off.
    /// </summary>
    public async Task SayGoodbyeAsync(Func<bool> haveLeft, CancellationToken cancellation)
    {
        foreach (var some in sessions.Connections.Chunk(GoodbyesInOneFlush))
        {
            var batch = FlushBatch.Begin();
            try
            {
                foreach (var connection in some)
                    connection.Close(ReasonCode.ServerShuttingDown, "server_shutting_down");
            }
            finally
            {
                batch.End();
            }
        }

        await WaitUntilAsync(haveLeft, s_goodbyes, cancellation).ConfigureAwait(false);
    }

    private static async Task WaitUntilAsync(Func<bool> isOver, TimeSpan patience, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_turn, TimeProvider.System);
        var began = TimeProvider.System.GetTimestamp(); // ticks come late under load
        while (!cancellation.IsCancellationRequested && TimeProvider.System.GetElapsedTime(began) < patience && !isOver())
            await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private int PublishWills(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var some in sessions.All.Chunk(WillsInOneFlush))
        {
            if (cancellation.IsCancellationRequested)
                break;
            var batch = FlushBatch.Begin();
            try
            {
                foreach (var session in some)
                    count += sessions.PublishWill(session) ? 1 : 0;
            }
            finally
            {
                batch.End();
            }
        }

        return count;
    }

    /// <summary>
    /// What has not gone to their sockets: messages that wait for a window, and bytes. Who has nothing left has the wills, whatever comes
    /// for it afterwards, and is taken from the list.
    /// </summary>
    private static long Waiting(List<Connection> watchers)
    {
        var sum = 0L;
        for (var i = watchers.Count - 1; i >= 0; i--)
        {
            var waiting = watchers[i].IsClosing ? 0 : (watchers[i].Session?.MqueueLength ?? 0) + watchers[i].Outbox.Waiting;
            sum += waiting;
            if (waiting != 0)
                continue;
            watchers[i] = watchers[^1];
            watchers.RemoveAt(watchers.Count - 1);
        }

        return sum;
    }
}
