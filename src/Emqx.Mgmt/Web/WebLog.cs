namespace Emqx.Mgmt.Web;

/// <summary>Log lines of what is served beside the API.</summary>
internal static partial class WebLog
{
    [LoggerMessage(1, LogLevel.Warning, "The folder {Folder} of dashboard.static_dir does not exist: a plain page is served at /")]
    public static partial void NoStaticFolder(ILogger logger, string folder);
}
