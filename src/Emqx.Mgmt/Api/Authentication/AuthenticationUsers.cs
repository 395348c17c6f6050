using Emqx.Broker.Access.Authn.Users;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>The users of authenticators that have users of their own.</summary>
internal static class AuthenticationUsers
{
    private const string FileField = "filename";

    public static void MapUsers(this RouteGroupBuilder chain)
    {
        chain.MapGet("/{id}/users", ListAuthnUsers).WithPaging().Fails(Failure.BadRequest, Failure.NotFound);
        chain.MapPost("/{id}/users", CreateAuthnUser).Fails(Failure.BadRequest, Failure.NotFound, Failure.AlreadyExists.At(StatusCodes.Status409Conflict));
        chain.MapGet("/{id}/users/{user_id}", GetAuthnUser).Fails(Failure.BadRequest, Failure.NotFound);
        chain.MapPut("/{id}/users/{user_id}", UpdateAuthnUser).Fails(Failure.BadRequest, Failure.NotFound);
        chain.MapDelete("/{id}/users/{user_id}", DeleteAuthnUser).Fails(Failure.BadRequest, Failure.NotFound);
        chain.MapPost("/{id}/import_users", ImportAuthnUsers).Fails(Failure.BadRequest, Failure.NotFound, Failure.PayloadTooLarge)
            .WithMetadata(new ReadsOwnBody(), new UploadMetadata(FileField), new BodyLimit(UserFile.MostBytes));
    }

    /// <summary>Lists the users of an authenticator, the last id first.</summary>
    /// <param name="id">The authenticator's id.</param>
    private static async Task<Results<PageRows<AuthnUserResponse>, ApiFailure>> ListAuthnUsers(string id, PageQuery page, AuthnUsersQuery query, IAuthnUserDirectory users,
        CancellationToken cancellation)
    {
        var found = await users.ListAsync(id, new(query.LikeUserId, query.IsSuperuser), page.Skip, page.Limit, cancellation);
        if (found.Value is not { } rows)
            return Refusal(found.Result, id, found.Reason);
        return new PageRows<AuthnUserResponse>([.. rows.Users.Select(Shown)], rows.Count, rows.HasNext);
    }

    /// <summary>Makes a user.</summary>
    /// <param name="id">The authenticator's id.</param>
    private static async Task<Results<JsonCreated<AuthnUserResponse>, ApiFailure>> CreateAuthnUser(string id, AuthnUserRequest request, IAuthnUserControl control,
        CancellationToken cancellation)
    {
        var made = await control.AddAsync(id, new(request.UserId, request.Password, request.IsSuperuser), cancellation);
        return made.Value is { } user ? Answer.Created(Shown(user)) : Refusal(made.Result, id, made.Reason);
    }

    /// <summary>Shows a user; nobody sees a password or its hash.</summary>
    private static async Task<Results<JsonAnswer<AuthnUserResponse>, ApiFailure>> GetAuthnUser(AuthnUserPath path, IAuthnUserDirectory users, CancellationToken cancellation) =>
        Told(await users.FindAsync(path.Id, path.UserId, cancellation), path.Id);

    /// <summary>Gives a user another password.</summary>
    private static async Task<Results<JsonAnswer<AuthnUserResponse>, ApiFailure>> UpdateAuthnUser(AuthnUserPath path, AuthnUserUpdateRequest request, IAuthnUserControl control,
        CancellationToken cancellation) =>
        Told(await control.UpdateAsync(path.Id, path.UserId, request.Password, request.IsSuperuser, cancellation), path.Id);

    /// <summary>Deletes a user; its clients stay connected.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteAuthnUser(AuthnUserPath path, IAuthnUserControl control, CancellationToken cancellation)
    {
        var deleted = await control.DeleteAsync(path.Id, path.UserId, cancellation);
        return deleted.Result == AuthnUserResult.Done ? Answer.NoContent() : Refusal(deleted.Result, path.Id, deleted.Reason);
    }

    /// <summary>Takes over all users of a JSON array, or of a JSON or CSV file in a form, or none where a row is wrong.</summary>
    /// <param name="id">The authenticator's id.</param>
    private static async Task<Results<JsonAnswer<AuthnImportResponse>, ApiFailure>> ImportAuthnUsers(string id, AuthnImportQuery query, HttpContext context, IAuthnUserControl control,
        CancellationToken cancellation)
    {
        var (file, problem) = await UserUpload.ReadAsync(context, query.Type == "plain" ? UserFileType.Plain : UserFileType.Hash);
        if (file is null)
            return problem!;
        var imported = await control.ImportAsync(id, file, cancellation);
        return imported switch
        {
            { Value: { } count } => Answer.Ok(new AuthnImportResponse(count.Failed, count.Override, count.Skipped, count.Success, count.Total)),
            { Result: AuthnUserResult.NoAuthenticator } => Failure.NotFound.Because($"Authenticator '{id}' does not exist"),
            { Result: AuthnUserResult.Unsupported } => Failure.BadRequest.Because("Operation not supported in this authentication type"),
            _ => Refusal(imported.Result, id, imported.Reason),
        };
    }

    private static Results<JsonAnswer<AuthnUserResponse>, ApiFailure> Told(AuthnUserAnswer<AuthnUserFacts> answer, string id) =>
        answer.Value is { } user ? Answer.Ok(Shown(user)) : Refusal(answer.Result, id, answer.Reason);

    private static AuthnUserResponse Shown(AuthnUserFacts user) => new(user.IsSuperuser, user.UserId);

    private static ApiFailure Refusal(AuthnUserResult result, string id, string reason) => result switch
    {
        AuthnUserResult.NoChain => Failure.NotFound.Because("Authenticator not found in the 'global' scope"),
        AuthnUserResult.NoAuthenticator => Failure.BadRequest.Because($"User error: {{not_found,{{authenticator,<<\"{id}\">>}}}}"),
        AuthnUserResult.Unsupported => Failure.BadRequest.Because("User error: unsupported_operation"),
        AuthnUserResult.InvalidUserId => Failure.BadRequest.Because("User error: invalid_user_id"),
        AuthnUserResult.NoUser => Failure.NotFound.Because("User not found"),
        AuthnUserResult.Exists => Failure.AlreadyExists.As(StatusCodes.Status409Conflict, "User already exists"),
        _ => Failure.BadRequest.Because(reason),
    };
}
