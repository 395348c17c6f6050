namespace Emqx.Mgmt.Hosting;

/// <summary>What the process says about itself.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Warning}")]
    public static partial void Configuration(ILogger logger, string warning);
}
