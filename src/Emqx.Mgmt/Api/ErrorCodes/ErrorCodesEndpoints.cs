using System.Text.Json.Serialization;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.ErrorCodes;

/// <summary>The catalogue of error codes.</summary>
internal static class ErrorCodesEndpoints
{
    public static void MapErrorCodes(this RouteGroupBuilder api)
    {
        var codes = api.MapGroup("/error_codes").WithTags("Error Codes").WithJson<ErrorCodesJson>();

        codes.MapGet("", ListErrorCodes);
        codes.MapGet("/{code}", GetErrorCode).Fails(Failure.BadRequest);
    }

    /// <summary>Lists the error codes that the API answers with.</summary>
    private static JsonAnswer<IReadOnlyList<ErrorCode>> ListErrorCodes() => Answer.Ok<IReadOnlyList<ErrorCode>>([.. Failure.Catalogue.Select(ToErrorCode)]);

    /// <summary>Explains one error code.</summary>
    /// <param name="code">The code, <c>NOT_FOUND</c>.</param>
    private static Results<JsonAnswer<ErrorCode>, ApiFailure> GetErrorCode(string code) =>
        Failure.Catalogue.FirstOrDefault(known => known.Code == code) is { } failure
            ? Answer.Ok(ToErrorCode(failure))
            : Failure.BadRequest.Because($"There is no error code {code}");

    private static ErrorCode ToErrorCode(Failure failure) => new(failure.Code, failure.Description);
}

/// <summary>One error code.</summary>
/// <param name="Code">Its name.</param>
/// <param name="Description">What it stands for.</param>
internal sealed record ErrorCode(string Code, string Description);

[JsonSerializable(typeof(IReadOnlyList<ErrorCode>))]
internal sealed partial class ErrorCodesJson : JsonSerializerContext;
