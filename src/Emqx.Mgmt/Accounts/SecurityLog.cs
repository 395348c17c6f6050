namespace Emqx.Mgmt.Accounts;

/// <summary>What is logged about credentials; never secrets.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "failed_to_load_bootstrap_file: {File} line {Line}: {Reason}")]
    public static partial void BootstrapLineRefused(ILogger log, string file, int line, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "failed_to_load_bootstrap_file: {File}: {Reason}")]
    public static partial void BootstrapFileUnreadable(ILogger log, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Dashboard user {Username} made")]
    public static partial void DefaultUserMade(ILogger log, string username);
}
