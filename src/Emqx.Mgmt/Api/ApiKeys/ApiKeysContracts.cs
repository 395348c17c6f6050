using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.ApiKeys;

/// <summary>An API key to be made.</summary>
/// <param name="Name">Starts with a letter, goes on with letters, digits, - and _; at most 256.</param>
/// <param name="Desc">Any text.</param>
/// <param name="Enable">Whether requests with the key are taken.</param>
/// <param name="ExpiredAt">When it ends: RFC 3339, Unix seconds or <c>infinity</c> (the default).</param>
[PlainList]
internal sealed record CreateApiKeyRequest(
    [Kind(typeof(ResourceNameKind))] string Name,
    string Desc,
    bool Enable,
    [Kind(typeof(ExpiryKind))] DateTimeOffset? ExpiredAt = null) : IJsonBody<CreateApiKeyRequest>;

/// <summary>Changes to an API key. What is left out stays, except the expiry, which falls back to infinity.</summary>
/// <param name="Desc">Any text.</param>
/// <param name="Enable">Whether requests with the key are taken.</param>
/// <param name="ExpiredAt">When it ends: RFC 3339, Unix seconds or <c>infinity</c>.</param>
[PlainList]
internal sealed record ChangeApiKeyRequest(
    string? Desc = null,
    bool? Enable = null,
    [Kind(typeof(ExpiryKind))] DateTimeOffset? ExpiredAt = null) : IJsonBody<ChangeApiKeyRequest>;

/// <summary>An API key's place.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ApiKeyPath([Kind(typeof(ResourceNameKind))] string Name) : IPathValues<ApiKeyPath>;

/// <summary>An API key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ApiKey">The user name of Basic authentication: 16 hexadecimal digits that follow from the name.</param>
/// <param name="Desc">Any text.</param>
/// <param name="Enable">Whether requests with the key are taken.</param>
/// <param name="ExpiredAt">RFC 3339, or <c>infinity</c>.</param>
/// <param name="CreatedAt">RFC 3339.</param>
/// <param name="Expired">Its time has passed.</param>
/// <param name="ApiSecret">The password of Basic authentication; only in the answer that makes the key.</param>
internal sealed record ApiKeyResponse(
    string Name, string ApiKey, string Desc, bool Enable, string ExpiredAt, string CreatedAt, bool Expired, string? ApiSecret = null);

[JsonSerializable(typeof(ApiKeyResponse))]
[JsonSerializable(typeof(IReadOnlyList<ApiKeyResponse>))]
internal sealed partial class ApiKeysJson : JsonSerializerContext;
