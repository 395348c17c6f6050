using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Dashboard;

/// <summary>Who logs in.</summary>
/// <param name="Username">Name of a dashboard user.</param>
/// <param name="Password">Its password.</param>
[PlainList]
internal sealed record LoginRequest(string Username, string Password) : IJsonBody<LoginRequest>;

/// <summary>What a login gives.</summary>
/// <param name="Token">For <c>Authorization: Bearer</c>; each use renews it.</param>
/// <param name="Version">Release of EMQX whose API this is.</param>
/// <param name="License">The edition.</param>
internal sealed record LoginResponse(string Token, string Version, LicenseResponse License);

/// <summary>The edition of the server.</summary>
/// <param name="Edition"><c>ce</c>.</param>
internal sealed record LicenseResponse(string Edition);

/// <summary>Whose token is to end.</summary>
/// <param name="Username">The user that the token belongs to.</param>
[PlainList]
internal sealed record LogoutRequest(string Username) : IJsonBody<LogoutRequest>;

/// <summary>A dashboard user to be made.</summary>
/// <param name="Username">Letters, digits and _.</param>
/// <param name="Password">8 to 64 ASCII characters of two kinds out of letters, digits and special characters.</param>
/// <param name="Description">Any text, may be empty.</param>
[PlainList]
internal sealed record CreateUserRequest(string Username, string Password, string Description) : IJsonBody<CreateUserRequest>;

/// <summary>Changes to a dashboard user.</summary>
/// <param name="Description">Any text.</param>
[PlainList]
internal sealed record ChangeUserRequest(string Description) : IJsonBody<ChangeUserRequest>;

/// <summary>A new password.</summary>
/// <param name="OldPwd">The password until now.</param>
/// <param name="NewPwd">The password from now on.</param>
[PlainList]
internal sealed record ChangePasswordRequest(string OldPwd, string NewPwd) : IJsonBody<ChangePasswordRequest>;

/// <summary>A dashboard user.</summary>
/// <param name="Username">Its name.</param>
/// <param name="Description">Any text.</param>
internal sealed record UserResponse(string Username, string Description);

[JsonSerializable(typeof(LoginResponse))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(IReadOnlyList<UserResponse>))]
internal sealed partial class DashboardJson : JsonSerializerContext;
