using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Counts why connections have ended, by listener: those of clients, and those whose CONNECT was refused. Who says goodbye is not counted, as in EMQX.</summary>
internal sealed class ConnectionEnds(ICertificateDirectory certificates) : INodeModule
{
    private const int Most = 4096; // listeners come and go; reasons are ours
    private readonly ConcurrentDictionary<(string Listener, string Reason), StrongBox<long>> _ends = new();

    public void Attach(BrokerHooks hooks)
    {
        hooks.ClientDisconnected.Add(left => Count(left.Client, left.Reason));
        hooks.ClientConnack.Add(sent =>
        {
            if (sent.ReasonCode != ReasonCode.Success)
                Count(sent.Client, WordOf(sent.ReasonCode));
        });
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        _ends.Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>The counts, and when the listeners' certificates expire.</summary>
    public ListenerReading Read()
    {
        var ends = _ends.OrderBy(static one => one.Key.Listener, StringComparer.Ordinal).ThenBy(static one => one.Key.Reason, StringComparer.Ordinal);
        return new(
            [.. ends.Select(static one => new PrometheusSample([.. Labels(one.Key.Listener), new("reason", one.Key.Reason)], Volatile.Read(ref one.Value.Value)))],
            [.. certificates.Read().Select(static one => new PrometheusSample(Labels(one.Listener), one.At))]);
    }

    private void Count(ClientInfo client, string reason)
    {
        if (reason == "normal")
            return;
        var key = (client.Listener, reason);
        if (!_ends.TryGetValue(key, out var count))
        {
            if (_ends.Count >= Most)
                return;
            count = _ends.GetOrAdd(key, static _ => new StrongBox<long>());
        }

        Interlocked.Increment(ref count.Value);
    }

    private static PrometheusLabel[] Labels(string listener)
    {
        var colon = listener.IndexOf(':', StringComparison.Ordinal);
        return [new("listener_type", colon < 0 ? "" : listener[..colon]), new("listener_name", listener[(colon + 1)..])];
    }

    /// <summary>EMQX's word for the refusal of a CONNECT.</summary>
    private static string WordOf(byte reason) => reason switch
    {
        ReasonCode.Banned => "banned",
        ReasonCode.BadUserNameOrPassword => "bad_username_or_password",
        ReasonCode.ClientIdNotValid => "client_identifier_not_valid",
        ReasonCode.BadAuthenticationMethod => "bad_authentication_method",
        _ => ReasonCode.ToName(reason),
    };
}
