using Emqx.Broker.Access.Authn;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>Who decides who may connect: the authenticators, in the order in which they are asked.</summary>
internal static class AuthenticationEndpoints
{
    public static void MapAuthentication(this RouteGroupBuilder api)
    {
        var chain = api.MapGroup("/authentication").WithTags("Authentication").WithJson<AuthenticationJson>();

        chain.MapGet("", ListAuthenticators);
        chain.MapPost("", CreateAuthenticator).Fails(Failure.BadRequest, Failure.AlreadyExists.At(StatusCodes.Status409Conflict));
        chain.MapPut("/order", ReorderAuthenticators).Fails(Failure.BadRequest);
        chain.MapGet("/{id}", GetAuthenticator).Fails(Failure.NotFound);
        chain.MapPut("/{id}", UpdateAuthenticator).Fails(Failure.BadRequest, Failure.NotFound);
        chain.MapDelete("/{id}", DeleteAuthenticator).Fails(Failure.NotFound);
        chain.MapGet("/{id}/status", GetAuthenticatorStatus).Fails(Failure.NotFound);
        chain.MapPut("/{id}/position/{position}", MoveAuthenticator).Fails(Failure.BadRequest, Failure.NotFound);
        chain.MapUsers();
    }

    /// <summary>Lists the authenticators with their settings, in the order in which they are asked.</summary>
    private static async Task<JsonAnswer<List<AuthenticatorResponse>>> ListAuthenticators(IAuthenticatorDirectory authenticators, CancellationToken cancellation) =>
        Answer.WrittenFrom<List<AuthenticatorResponse>, IReadOnlyList<AuthenticatorFacts>>(await authenticators.ListAsync(cancellation), AuthenticatorWriter.WriteAll);

    /// <summary>Adds an authenticator behind all others. As in EMQX this answer alone has its secrets.</summary>
    private static async Task<Results<JsonAnswer<AuthenticatorResponse>, ApiFailure>> CreateAuthenticator(AuthenticatorBody body, IAuthenticatorControl control,
        CancellationToken cancellation)
    {
        var made = await control.CreateAsync(body.Fields, cancellation);
        return Refusal(made) is { } failure
            ? failure
            : Answer.WrittenFrom<AuthenticatorResponse, (string, ConfigObject)>((made.Id, made.Entry!), AuthenticatorWriter.WriteOne);
    }

    /// <summary>Shows the settings of an authenticator.</summary>
    /// <param name="id">Its id, <c>mechanism:backend</c> or the mechanism alone.</param>
    private static async Task<Results<JsonAnswer<AuthenticatorResponse>, ApiFailure>> GetAuthenticator(string id, IAuthenticatorDirectory authenticators,
        CancellationToken cancellation) => await authenticators.FindAsync(id, cancellation) is { } found
            ? Answer.WrittenFrom<AuthenticatorResponse, (string, ConfigObject)>((found.Id, found.Shown), AuthenticatorWriter.WriteOne)
            : Unknown(id);

    /// <summary>Puts other settings in place of an authenticator's; secrets that read ****** stay, and so do its users.</summary>
    /// <param name="id">Its id, <c>mechanism:backend</c> or the mechanism alone.</param>
    private static async Task<Results<NoContent, ApiFailure>> UpdateAuthenticator(string id, AuthenticatorBody body, IAuthenticatorControl control, CancellationToken cancellation) =>
        Done(await control.UpdateAsync(id, body.Fields, cancellation));

    /// <summary>Removes an authenticator, and the users that it has of its own.</summary>
    /// <param name="id">Its id, <c>mechanism:backend</c> or the mechanism alone.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteAuthenticator(string id, IAuthenticatorControl control, CancellationToken cancellation) =>
        Done(await control.DeleteAsync(id, cancellation));

    /// <summary>Shows whether an authenticator works, and what it was asked and has said.</summary>
    /// <param name="id">Its id, <c>mechanism:backend</c> or the mechanism alone.</param>
    private static async Task<Results<JsonAnswer<AuthenticatorStatusResponse>, ApiFailure>> GetAuthenticatorStatus(string id, IAuthenticatorDirectory authenticators,
        CancellationToken cancellation) => await authenticators.CheckAsync(id, cancellation) is { } found ? Answer.Ok(AuthenticatorStatus.Of(found)) : Unknown(id);

    /// <summary>Moves an authenticator to another place in the order.</summary>
    /// <param name="id">Its id, <c>mechanism:backend</c> or the mechanism alone.</param>
    /// <param name="position"><c>front</c>, <c>rear</c>, <c>before:ID</c> or <c>after:ID</c>.</param>
    private static async Task<Results<NoContent, ApiFailure>> MoveAuthenticator(string id, string position, IAuthenticatorControl control, CancellationToken cancellation) =>
        AuthenticatorPosition.Parse(position) is { } place
            ? Done(await control.MoveAsync(id, place, cancellation))
            : Failure.BadRequest.Because("Invalid value for 'position'");

    /// <summary>Puts all authenticators in another order; each is named once.</summary>
    private static async Task<Results<NoContent, ApiFailure>> ReorderAuthenticators(BodyList<AuthenticatorOrder> order, IAuthenticatorControl control, CancellationToken cancellation) =>
        Done(await control.ReorderAsync([.. order.Items.Select(static one => one.Id)], cancellation));

    private static Results<NoContent, ApiFailure> Done(AuthenticatorOutcome outcome) => Refusal(outcome) is { } failure ? failure : Answer.NoContent();

    private static ApiFailure? Refusal(AuthenticatorOutcome outcome) => outcome.Result switch
    {
        AuthenticatorResult.Done => null,
        AuthenticatorResult.NoChain => Failure.NotFound.Because("Authenticator not found in the 'global' scope"),
        AuthenticatorResult.Unknown => Unknown(outcome.Reason),
        AuthenticatorResult.Exists => Failure.AlreadyExists.As(StatusCodes.Status409Conflict, $"Authenticator '{outcome.Reason}' already exist"),
        AuthenticatorResult.OtherType => Failure.BadRequest.Because("Change of authentication type is not allowed"),
        _ => Failure.BadRequest.Because(outcome.Reason),
    };

    private static ApiFailure Unknown(string id) => Failure.NotFound.Because($"Authenticator '{id}' does not exist");
}
