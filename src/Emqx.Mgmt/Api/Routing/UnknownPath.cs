using System.Text;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Routing;

/// <summary>404 for paths that nothing serves, in the form that Accept begins with.</summary>
internal static class UnknownPath
{
    private static readonly byte[] s_text = "404 - NOT FOUND"u8.ToArray();
    private static readonly byte[] s_page = Encoding.UTF8.GetBytes(
        "<!DOCTYPE html><html><head><title>404 - NOT FOUND</title></head><body><h1>404 - NOT FOUND</h1></body></html>");

    /// <summary>Writes the answer.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (accept.StartsWith("application/json", StringComparison.Ordinal) || accept.StartsWith("application/problem+json", StringComparison.Ordinal))
            return Failure.NotFound.Because("Request Path Not Found").ExecuteAsync(context);
        var plain = accept.StartsWith("text/plain", StringComparison.Ordinal);
        return RawAnswer.SendAsync(context, StatusCodes.Status404NotFound, plain ? Answer.PlainText : "text/html", plain ? s_text : s_page).AsTask();
    }
}
