using System.Net;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>The sockets of the MQTT listeners: opened, closed and changed while the others run.</summary>
internal interface IMqttListeners
{
    /// <summary>
    /// Opens the listener. Fails with <see cref="System.IO.IOException"/> where the address is in use or not to be had,
    /// with <see cref="System.Security.Cryptography.CryptographicException"/> where a certificate cannot be used.
    /// </summary>
    Task StartAsync(ListenerSettings settings, CancellationToken cancellation);

    /// <summary>Closes the port and drops its connections: no DISCONNECT, no will, sessions ended, as EMQX does. No such listener: nothing.</summary>
    Task StopAsync(string id, CancellationToken cancellation);

    /// <summary>Takes over new settings of a running listener that keeps its address; connected clients stay.</summary>
    Task UpdateAsync(ListenerSettings settings, CancellationToken cancellation);

    /// <summary>Reads the certificates of all TLS listeners anew, for the handshakes that follow. One whose files cannot be used keeps what it has, and a log line tells so.</summary>
    void RereadCertificates();

    /// <summary>The node goes down: MQTT 5 clients are told (0x8B), wills go out, then everything closes.</summary>
    Task ShutDownAsync(CancellationToken cancellation);

    /// <summary>State of a running listener, or null when it is not running.</summary>
    ListenerState? Find(string id);
}

/// <param name="Bound">The address that is in fact bound (the port where 0 was asked for).</param>
/// <param name="CurrentConnections">Open connections, also those before CONNECT.</param>
internal sealed record ListenerState(ListenerSettings Settings, IPEndPoint Bound, int CurrentConnections);
