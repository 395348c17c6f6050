namespace Emqx.Broker.Metrics;

/// <summary>When the certificates of the listeners expire.</summary>
internal interface ICertificateDirectory
{
    /// <summary>Of each listener with TLS that is on. Looked up every ten seconds at most, however often it is asked for.</summary>
    IReadOnlyList<CertificateExpiry> Read();
}

/// <summary>When the certificate of a listener expires.</summary>
/// <param name="Listener">Its id, <c>ssl:default</c>.</param>
/// <param name="At">Unix seconds; 0 where its file cannot be read.</param>
internal readonly record struct CertificateExpiry(string Listener, long At);
