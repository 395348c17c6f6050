namespace Emqx.Mgmt.Hosting;

/// <summary>Log lines of the listeners of HTTP.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Error, "Listener {Listener} keeps its certificates of before: {Reason}")]
    public static partial void CertificatesKept(ILogger logger, string listener, string reason);
}
