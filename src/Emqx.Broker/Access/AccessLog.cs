using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access;

/// <summary>Log lines of access control.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(1, LogLevel.Error, "An entry of the configuration could not be made into an {Interface}")]
    public static partial void NotMade(ILogger logger, string @interface, Exception error);

    [LoggerMessage(2, LogLevel.Error, "{Type} has failed and counts as not knowing")]
    public static partial void Failed(ILogger logger, string type, Exception error);

    [LoggerMessage(3, LogLevel.Error, "The rules of {Path} cannot be read: everything is denied")]
    public static partial void NoRules(ILogger logger, string path, Exception error);

    [LoggerMessage(4, LogLevel.Information, "Users of {Authenticator} were taken from {File}: {New} new ones, {Kept} were there")]
    public static partial void BootstrapRead(ILogger logger, string authenticator, string file, int @new, int kept);

    [LoggerMessage(5, LogLevel.Warning, "Users of {Authenticator} could not be taken from {File}: {Reason}")]
    public static partial void BootstrapFailed(ILogger logger, string authenticator, string file, string reason);

    [LoggerMessage(6, LogLevel.Error, "A row of {Address} is no rule ({Count} times since the last line): {Why}")]
    public static partial void NoRule(ILogger logger, string address, long count, string why);

    [LoggerMessage(11, LogLevel.Warning, "{Address} could not be asked ({Count} times since the last line): {Why}")]
    public static partial void NotAnswered(ILogger logger, string address, long count, string why);
}
