using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Why credentials were refused: carries the answer from the authentication to the challenge. Never thrown.</summary>
internal sealed class RefusedCredentials(IResult answer, bool challenges) : Exception("Credentials refused")
{
    private const string BasicChallenge = "Basic Realm=\"emqx-dashboard\"";

    /// <summary>A header that cannot be read: 400 without a body.</summary>
    public static readonly AuthenticateResult Malformed = AuthenticateResult.Fail(new RefusedCredentials(RawAnswer.BadRequest, challenges: false));

    /// <summary>No credentials, or of a kind that is not taken.</summary>
    public static readonly AuthenticateResult Missing = Because(Failure.AuthorizationHeaderError.AsIs(), challenges: true);

    /// <summary>A refusal with EMQX's words.</summary>
    /// <param name="challenges">With a WWW-Authenticate header.</param>
    public static AuthenticateResult Because(ApiFailure failure, bool challenges) => AuthenticateResult.Fail(new RefusedCredentials(failure, challenges));

    /// <summary>Writes the answer that an authentication ended with.</summary>
    public static Task AnswerAsync(HttpContext context, AuthenticateResult result)
    {
        var refused = result.Failure as RefusedCredentials ?? (RefusedCredentials)Missing.Failure!;
        return refused.AnswerAsync(context);
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (challenges)
            context.Response.Headers.WWWAuthenticate = BasicChallenge;
        return answer.ExecuteAsync(context);
    }
}
