namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>What has to be answered.</summary>
internal enum Expected
{
    /// <summary>400 BAD_REQUEST.</summary>
    Refused,

    /// <summary>400 without a body.</summary>
    Bare,

    /// <summary>415 UNSUPPORTED_MEDIA_TYPE.</summary>
    OtherMedia,

    /// <summary>413 BAD_REQUEST.</summary>
    TooLong,

    /// <summary>Any failure that the operation declares, and nothing happens.</summary>
    Failed,

    /// <summary>Anything that the operation declares: the schema takes the request.</summary>
    Declared,
}

/// <summary>A request with one thing about it that is odd.</summary>
/// <param name="What">The odd thing.</param>
/// <param name="Path">Path and query, below <c>/api/v5</c>.</param>
/// <param name="Body">Null for none.</param>
/// <param name="ContentType">Null for none.</param>
internal sealed record OddRequest(string What, string Path, Expected Expected, byte[]? Body = null, string? ContentType = "application/json");
