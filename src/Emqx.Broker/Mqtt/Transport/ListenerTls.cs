using System.Net.Security;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>
/// The TLS options of one listener. Those that name files are made when the listener opens, so that a wrong file is told at once; the
/// others, with the node's own certificate, at the first handshake: a listener that nobody uses costs nothing.
/// </summary>
internal sealed class ListenerTls
{
    private readonly TlsOptionsSource _source;
    private readonly TlsSettings _settings;
    private readonly Lock _gate = new();
    private Task<SslServerAuthenticationOptions>? _options;

    /// <summary>Fails with <see cref="System.Security.Cryptography.CryptographicException"/> where a file is no certificate or key.</summary>
    public ListenerTls(TlsOptionsSource source, TlsSettings settings)
    {
        (_source, _settings) = (source, settings);
        if (HasFiles)
            _options = Task.FromResult(source.Create(settings));
    }

    private bool HasFiles => _settings.CertFile is not null || _settings.CaCertFile is not null || _settings.KeyFile is not null;

    /// <summary>The options; made off the caller's thread where they are not there yet, and tried again where that has failed.</summary>
    public Task<SslServerAuthenticationOptions> GetAsync()
    {
        if (Volatile.Read(ref _options) is { IsCompletedSuccessfully: true } made)
            return made;
        lock (_gate)
        {
            if (_options is null or { IsFaulted: true })
                _options = _source.CreateAsync(_settings, CancellationToken.None);
            return _options;
        }
    }

    /// <summary>
    /// Reads the files anew, for the handshakes that follow. Fails with <see cref="System.Security.Cryptography.CryptographicException"/> where
    /// they cannot be used: what was read before stays.
    /// </summary>
    public void Reread()
    {
        if (!HasFiles)
            return;
        lock (_gate)
            _options = Task.FromResult(_source.Create(_settings));
    }
}
