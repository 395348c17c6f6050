using Emqx.Broker.Cluster;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Security;
using Emqx.Mgmt.Api.Validation;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Dashboard;

/// <summary>Login, logout and the dashboard's users.</summary>
internal static class DashboardEndpoints
{
    private const string NoSuchUser = "username_not_found";

    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<IValidator<CreateUserRequest>, CreateUserRequestValidator>()
        .AddSingleton<IValidator<ChangePasswordRequest>, ChangePasswordRequestValidator>();

    public static void MapDashboard(this RouteGroupBuilder api)
    {
        var dashboard = api.MapGroup("").WithTags("Dashboard").WithJson<DashboardJson>().WithMetadata(BodyLimit.Credentials);
        dashboard.MapPost("/login", Login).Fails(Failure.BadRequest, Failure.BadUsernameOrPwd, Failure.TooManyRequests);

        var own = dashboard.MapGroup("").RequireAuthorization(ApiPolicies.TokenOnly);
        own.MapPost("/logout", Logout).Fails(Failure.BadRequest, Failure.WrongTokenOrUsername);
        own.MapGet("/users", ListUsers);
        own.MapPost("/users", CreateUser).Fails(Failure.BadRequest);
        own.MapPut("/users/{username}", UpdateUser).Fails(Failure.BadRequest, Failure.UserNotFound);
        own.MapDelete("/users/{username}", DeleteUser).Fails(Failure.NotAllowed, Failure.UserNotFound);

        var either = dashboard.MapGroup("").RequireAuthorization(ApiPolicies.KeyOrToken);
        either.MapPost("/users/{username}/change_pwd", ChangePassword)
            .Fails(Failure.BadRequest, Failure.ErrorPwdNotMatch, Failure.UserNotFound, Failure.TooManyRequests);
    }

    /// <summary>Gives a bearer token for a user's name and password.</summary>
    private static async Task<Results<JsonAnswer<LoginResponse>, ApiFailure>> Login(LoginRequest request, HttpContext context, PasswordCheck check, DashboardUsers users)
    {
        var verdict = await check.CheckAsync(context.Connection.RemoteIpAddress, request.Username, request.Password, context.RequestAborted);
        if (!verdict.IsLookedAt)
            return Failure.TooManyRequests.AsIs().After(verdict.Wait);
        if (verdict.User is not { } user || await users.IssueTokenAsync(user, context.RequestAborted) is not { } token)
            return Failure.BadUsernameOrPwd.Because("Auth failed");
        return Answer.Ok(new LoginResponse(token, NodeIdentity.Version, new("ce")));
    }

    /// <summary>Ends the token that the request came with.</summary>
    private static async Task<Results<NoContent, ApiFailure>> Logout(LogoutRequest request, HttpContext context, DashboardTokens tokens)
    {
        if (context.User.Identity?.Name != request.Username)
            return Failure.WrongTokenOrUsername.AsIs();
        await tokens.EndAsync(AuthorizationHeader.Of(context).Value);
        return Answer.NoContent();
    }

    /// <summary>Lists the dashboard's users.</summary>
    private static JsonAnswer<IReadOnlyList<UserResponse>> ListUsers(DashboardUsers users) =>
        Answer.Ok<IReadOnlyList<UserResponse>>([.. users.All.Select(ToResponse)]);

    /// <summary>Makes a dashboard user.</summary>
    private static async Task<Results<JsonAnswer<UserResponse>, ApiFailure>> CreateUser(CreateUserRequest request, DashboardUsers users, CancellationToken cancellation) =>
        await users.TryCreateAsync(request.Username, request.Password, request.Description, cancellation)
            ? Answer.Ok(new UserResponse(request.Username, request.Description))
            : Failure.BadRequest.Because("username_already_exists");

    /// <summary>Changes the description of a user.</summary>
    /// <param name="username">Name of the user.</param>
    private static async Task<Results<JsonAnswer<UserResponse>, ApiFailure>> UpdateUser(
        string username, ChangeUserRequest request, DashboardUsers users, CancellationToken cancellation) =>
        await users.DescribeAsync(username, request.Description, cancellation) is { } user
            ? Answer.Ok(ToResponse(user))
            : Failure.UserNotFound.Because(NoSuchUser);

    /// <summary>Deletes a user and ends its tokens. Neither the default user nor oneself can be deleted.</summary>
    /// <param name="username">Name of the user.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteUser(string username, HttpContext context, DashboardUsers users,
        SettingsRoot<DashboardSettings> settings)
    {
        if (username == settings.Current.DefaultUsername)
            return Failure.NotAllowed.Because($"Cannot delete user {username}");
        if (context.User.Identity?.Name == username)
            return Failure.NotAllowed.Because("Cannot delete self");
        return await users.DeleteAsync(username, context.RequestAborted) ? Answer.NoContent() : Failure.UserNotFound.Because(NoSuchUser);
    }

    /// <summary>Changes a user's password and ends all its tokens.</summary>
    /// <param name="username">Name of the user.</param>
    private static async Task<Results<NoContent, ApiFailure>> ChangePassword(
        string username, ChangePasswordRequest request, HttpContext context, PasswordCheck check, DashboardUsers users)
    {
        if (await users.FindAsync(username, context.RequestAborted) is null)
            return Failure.UserNotFound.Because(NoSuchUser);
        var verdict = await check.CheckAsync(context.Connection.RemoteIpAddress, username, request.OldPwd, context.RequestAborted);
        if (!verdict.IsLookedAt)
            return Failure.TooManyRequests.AsIs().After(verdict.Wait);
        if (verdict.User is not { } user)
            return Failure.ErrorPwdNotMatch.Because("Old password not match");
        if (PasswordRules.Wrong(request.NewPwd) is { } wrong)
            return Failure.BadRequest.Because(wrong);
        return await users.ChangePasswordAsync(user, request.NewPwd, context.RequestAborted) ? Answer.NoContent() : Failure.ErrorPwdNotMatch.Because("Old password not match");
    }

    private static UserResponse ToResponse(StoredUser user) => new(user.Username, user.Description);
}
