using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>How traces write what was said of a client's credentials: as EMQX does, whose results are terms of Erlang. Nothing of the credentials is in it.</summary>
internal static class TraceAuthn
{
    public const string Tag = "AUTHN";

    private const string NotAuthorized = "{error,not_authorized}";

    /// <summary>What one authenticator has said, or all of them together.</summary>
    public static string ResultOf(in AuthenticationStep told)
    {
        if (told.Stage == AuthenticationStage.Chain && told.Word is AuthenticationWord.Ignored)
            return $"{{ok,{NotAuthorized}}}"; // all were asked, and none knows the client
        var word = told.Word switch
        {
            AuthenticationWord.Allowed when told.Stage == AuthenticationStage.Listener => "ok",
            AuthenticationWord.Allowed => $"{{ok,#{{is_superuser => {(told.IsSuperuser ? "true" : "false")}}}}}",
            AuthenticationWord.Refused => ErrorOf(told.ReasonCode),
            AuthenticationWord.Continued => "continue",
            AuthenticationWord.Failed => "error",
            _ => "ignore",
        };
        return told.Stage == AuthenticationStage.Chain ? $"{{stop,{word}}}" : word;
    }

    private static string ErrorOf(byte reasonCode) => reasonCode switch
    {
        ReasonCode.BadUserNameOrPassword => "{error,bad_username_or_password}",
        ReasonCode.BadAuthenticationMethod => "{error,bad_authentication_method}",
        ReasonCode.ClientIdNotValid => "{error,client_identifier_not_valid}",
        ReasonCode.ServerUnavailable => "{error,server_unavailable}",
        _ => NotAuthorized,
    };
}
