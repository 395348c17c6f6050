using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.ApiKeys;

/// <summary>API keys, which only a dashboard user manages.</summary>
internal static class ApiKeysEndpoints
{
    private const string NoSuchName = "Name NOT FOUND";

    public static void MapApiKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/api_key").WithTags("API Keys").WithJson<ApiKeysJson>().RequireAuthorization(ApiPolicies.TokenOnly);

        keys.MapGet("", ListApiKeys);
        keys.MapPost("", CreateApiKey).Fails(Failure.BadRequest);
        keys.MapGet("/{name}", GetApiKey).Fails(Failure.BadRequest, Failure.NotFound);
        keys.MapPut("/{name}", UpdateApiKey).Fails(Failure.BadRequest, Failure.NotFound);
        keys.MapDelete("/{name}", DeleteApiKey).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Lists all API keys, without their secrets.</summary>
    private static JsonAnswer<IReadOnlyList<ApiKeyResponse>> ListApiKeys(ApiKeyRing keys, TimeProvider time) =>
        Answer.Ok<IReadOnlyList<ApiKeyResponse>>([.. keys.All.Select(key => ToResponse(key, time))]);

    /// <summary>Reads one API key, without its secret.</summary>
    private static Results<JsonAnswer<ApiKeyResponse>, ApiFailure> GetApiKey(ApiKeyPath path, ApiKeyRing keys, TimeProvider time) =>
        keys.Find(path.Name) is { } key ? Answer.Ok(ToResponse(key, time)) : Failure.NotFound.Because(NoSuchName);

    /// <summary>Makes an API key; the answer alone holds its secret.</summary>
    private static async Task<Results<JsonAnswer<ApiKeyResponse>, ApiFailure>> CreateApiKey(
        CreateApiKeyRequest request, ApiKeyRing keys, TimeProvider time, CancellationToken cancellation)
    {
        var (outcome, key, secret) = await keys.CreateAsync(
            request.Name, request.Desc, request.Enable, request.ExpiredAt?.ToUnixTimeSeconds(), cancellation);
        return outcome switch
        {
            ApiKeyCreation.Done => Answer.Ok(ToResponse(key!, time) with { ApiSecret = secret }),
            ApiKeyCreation.NameTaken => Failure.BadRequest.Because("name_already_existed"),
            _ => Failure.BadRequest.Because("Maximum number of ApiKeys reached."),
        };
    }

    /// <summary>Changes an API key; takes effect at once.</summary>
    private static async Task<Results<JsonAnswer<ApiKeyResponse>, ApiFailure>> UpdateApiKey(
        ApiKeyPath path, ChangeApiKeyRequest request, ApiKeyRing keys, TimeProvider time, CancellationToken cancellation)
    {
        var key = await keys.ChangeAsync(path.Name, stored => stored with
        {
            Description = request.Desc ?? stored.Description,
            Enable = request.Enable ?? stored.Enable,
            ExpiresAt = request.ExpiredAt?.ToUnixTimeSeconds(),
        }, cancellation);
        return key is not null ? Answer.Ok(ToResponse(key, time)) : Failure.NotFound.Because(NoSuchName);
    }

    /// <summary>Deletes an API key; takes effect at once.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteApiKey(ApiKeyPath path, ApiKeyRing keys, CancellationToken cancellation) =>
        await keys.DeleteAsync(path.Name, cancellation) ? Answer.NoContent() : Failure.NotFound.Because(NoSuchName);

    private static ApiKeyResponse ToResponse(ApiKey key, TimeProvider time)
    {
        var stored = key.Stored;
        return new(stored.Name, stored.Key, stored.Description, stored.Enable,
            stored.ExpiresAt is { } end ? TimeText.Seconds(end, time) : "infinity", TimeText.Seconds(stored.CreatedAt, time), key.IsExpired(time.GetUtcNow()));
    }
}
