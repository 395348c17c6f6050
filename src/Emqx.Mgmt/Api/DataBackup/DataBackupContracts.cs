using System.Reflection;
using System.Text.Json.Serialization;
using Emqx.Broker.Storage.Backups;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>Where a backup file is.</summary>
/// <param name="Node">The node that has it; left out for any.</param>
internal sealed record BackupFileQuery(string? Node = null) : IQueryString<BackupFileQuery>;

/// <summary>The place of a backup file.</summary>
/// <param name="Filename">Its name, with <c>.tar.gz</c>.</param>
internal sealed record BackupFilePath(string Filename) : IPathValues<BackupFilePath>;

/// <summary>What goes into a backup.</summary>
/// <param name="TableSets">Names of table sets; left out: all.</param>
/// <param name="RootKeys">Names of roots of the configuration; left out: all.</param>
internal sealed record BackupExportRequest(IReadOnlyList<string>? TableSets = null, IReadOnlyList<string>? RootKeys = null) : IJsonBody<BackupExportRequest>;

/// <summary>Which backup is put back.</summary>
/// <param name="Filename">Its name, with <c>.tar.gz</c>.</param>
/// <param name="Node">The node that has it; left out for any.</param>
internal sealed record BackupImportRequest(string Filename, string? Node = null) : IJsonBody<BackupImportRequest>;

/// <summary>A backup file.</summary>
/// <param name="Filename">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="CreatedAtSec">The same in Unix seconds.</param>
internal sealed record BackupFileResponse(string Filename, long Size, string Node, string CreatedAt, long CreatedAtSec)
{
    /// <summary>What the API shows of a file.</summary>
    public static BackupFileResponse From(BackupFile file, TimeProvider time) =>
        new(file.Name, file.Size, file.Node, TimeText.Seconds(file.CreatedAt, time), file.CreatedAt);
}

/// <summary>The bytes of a backup file.</summary>
internal sealed class BackupContent(Stream content) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private const string OctetStream = "application/octet-stream";

    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var file = content;
        httpContext.Response.ContentType = OctetStream;
        httpContext.Response.ContentLength = file.Length;
        await file.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(byte[]), [OctetStream]));
}

[JsonSerializable(typeof(BackupFileResponse))]
[JsonSerializable(typeof(Paged<BackupFileResponse>))]
internal sealed partial class DataBackupJson : JsonSerializerContext;
