using Emqx.Broker.Messages;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt;

/// <summary>
/// A packet whose verdict takes time. Nothing later of this connection is handled meanwhile; what had been read is kept and
/// nothing more is read, so that the peer's own window bounds the rest. The same holds where packets have made much work in one go. Its end by another hand need not wait.
/// </summary>
internal sealed partial class Connection
{
    private const int WorkATurn = 16 * 1024; // some milliseconds
    private const int BytesAPiece = 256;

    private Task? _handling; // the packet that waits
    private int _work; // since its turn began
    private bool _isHandling; // packets are under way on the reading thread
    private bool _hasRest; // whole packets may be among what is kept

    /// <summary>A packet waits for its verdict.</summary>
    private bool IsSuspended => Volatile.Read(ref _handling) is not null;

    /// <summary>What arrived last is still being handled: the silence is ours, not the client's.</summary>
    private bool IsHandling => Volatile.Read(ref _isHandling) || Volatile.Read(ref _hasRest) || IsSuspended;

    /// <summary>Counts what a packet has cost beside itself: a piece is about what a delivery costs.</summary>
    public void Worked(int pieces) => _work += pieces;

    /// <summary>A packet is done. True: so much was done in one go that others come first now.</summary>
    private bool IsTurnOver()
    {
        _work++;
        if (Publishing is { Work: not 0 } publishing)
        {
            _work += publishing.Work;
            publishing.Work = 0;
        }

        if (_work < WorkATurn)
            return false;
        _work = 0;
        return true;
    }

    /// <summary>Reads on when the rates allow it. Where a packet waits anyway, what is owed is seen to when it is done.</summary>
    private void HoldBack()
    {
        if (!IsSuspended && !IsClosing && _intake?.Charge(Session?.Counters.ReceivedMessages ?? 0) is { } paid)
            Suspend(new ValueTask(paid));
    }

    /// <summary>What is left of the read is handled when others have had their turn.</summary>
    private void EndTurn()
    {
        if (_transport.TryComeAgain())
            Volatile.Write(ref _hasRest, true);
        else
            Suspend(Turns.NextAsync());
    }

    private void Suspend(ValueTask handling) => Volatile.Write(ref _handling, handling.AsTask());

    /// <summary>Goes on with what was kept as soon as the packet that waits is done, as often as it takes.</summary>
    private async ValueTask ResumeAsync()
    {
        while (_handling is { } handling)
        {
            if (await IsGivenUpAsync(handling).ConfigureAwait(false))
                return;
            await handling.ConfigureAwait(false);
            Volatile.Write(ref _lastReceived, _handlers.Wheel.Refresh()); // first: no longer suspended, silence counts
            Volatile.Write(ref _handling, null);
            HandleKept();
            Settle();
            HoldBack();
        }
    }

    /// <summary>Waits for the packet, or for the connection to be cut: then its verdict, whenever it comes, is of no use any more.</summary>
    private async ValueTask<bool> IsGivenUpAsync(Task handling)
    {
        do
        {
            var wake = NewWake();
            if (Volatile.Read(ref _isCut))
                break;
            await Task.WhenAny(handling, wake).ConfigureAwait(false);
        }
        while (!handling.IsCompleted);
        _wake = null;
        if (handling.IsCompleted)
            return false;
        _handlers.Hooks.Unwaited(handling);
        return true;
    }

    private void HandleRest()
    {
        Volatile.Write(ref _lastReceived, _handlers.Wheel.Refresh());
        Volatile.Write(ref _hasRest, false);
        _transport.TryComeAgain(); // nobody has looked whether there is more to read
        HandleKept();
        Settle();
        HoldBack();
    }

    private void HandleKept()
    {
        if (_partial is null || IsClosing)
            return;
        var batch = FlushBatch.Begin();
        try
        {
            HandlePartial(0);
        }
        finally
        {
            batch.End();
        }
    }
}
