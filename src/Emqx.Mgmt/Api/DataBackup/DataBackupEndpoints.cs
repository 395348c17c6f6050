using Emqx.Broker.Storage.Backups;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>Backup files of tables and configuration.</summary>
internal static class DataBackupEndpoints
{
    public static IServiceCollection AddDataBackup(this IServiceCollection services) => services
        .AddSingleton<IBackupStore, BackupFolder>();

    public static void MapDataBackup(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("/data/files").WithTags("Data Backup").WithJson<DataBackupJson>();

        files.MapGet("", ListBackupFiles).Fails(Failure.BadRequest);
        files.MapGet("/{filename}", DownloadBackupFile).Fails(Failure.BadRequest, Failure.NotFound);
        files.MapDelete("/{filename}", DeleteBackupFile).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Lists the backup files, the newest first.</summary>
    private static async Task<Ok<Paged<BackupFileResponse>>> ListBackupFiles(PageQuery page, IBackupStore backups, TimeProvider time,
        CancellationToken cancellation)
    {
        var found = await backups.ListAsync(cancellation);
        List<BackupFileResponse> rows = [];
        for (var i = page.Skip; i < found.Count && rows.Count < page.Limit; i++)
            rows.Add(BackupFileResponse.From(found[(int)i], time));
        return Answer.Ok(new Paged<BackupFileResponse>(rows, new PageMeta(page.Page, page.Limit, found.Count, page.Skip + rows.Count < found.Count)));
    }

    /// <summary>Downloads a backup file.</summary>
    /// <param name="filename">Its name, with <c>.tar.gz</c>.</param>
    private static async Task<Results<BackupContent, ApiFailure>> DownloadBackupFile(string filename, BackupFileQuery query, IBackupStore backups,
        CancellationToken cancellation)
    {
        if (!BackupName.IsValid(filename))
            return BadName();
        var opening = await backups.OpenAsync(query.Node, filename, cancellation);
        return opening.Content is { } content ? new BackupContent(content) : Failed(opening.Outcome, query.Node);
    }

    /// <summary>Deletes a backup file.</summary>
    /// <param name="filename">Its name, with <c>.tar.gz</c>.</param>
    private static async Task<Results<NoContent, ApiFailure>> DeleteBackupFile(string filename, BackupFileQuery query, IBackupStore backups,
        CancellationToken cancellation)
    {
        if (!BackupName.IsValid(filename))
            return BadName();
        var outcome = await backups.DeleteAsync(query.Node, filename, cancellation);
        return outcome == BackupOutcome.Done ? Answer.NoContent() : Failed(outcome, query.Node);
    }

    private static ApiFailure BadName() =>
        Failure.BadRequest.Because($"invalid backup name: file name must have {BackupName.Extension} extension");

    private static ApiFailure Failed(BackupOutcome outcome, string? node) => outcome == BackupOutcome.UnknownNode
        ? Failure.BadRequest.Because($"Unknown node: {node}")
        : Failure.NotFound.Because("backup file not found");
}
