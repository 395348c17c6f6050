using Emqx.Broker.Storage.Backups;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>Backup files of tables and configuration.</summary>
internal static class DataBackupEndpoints
{
    public static IServiceCollection AddDataBackup(this IServiceCollection services) => services
        .AddSingleton<IBackupStore, BackupFolder>()
        .AddSingleton<IValidator<BackupFilePath>, BackupFilePathValidator>();

    public static void MapDataBackup(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("/data/files").WithTags("Data Backup").WithJson<DataBackupJson>();

        files.MapGet("", ListBackupFiles).WithPaging().Fails(Failure.BadRequest);
        files.MapGet("/{filename}", DownloadBackupFile).Fails(Failure.BadRequest, Failure.NotFound);
        files.MapDelete("/{filename}", DeleteBackupFile).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Lists the backup files, the newest first.</summary>
    private static async Task<PageRows<BackupFileResponse>> ListBackupFiles(PageQuery page, IBackupStore backups, TimeProvider time,
        CancellationToken cancellation)
    {
        var found = await backups.ListAsync(cancellation);
        return PageRows.Of(found, page, file => BackupFileResponse.From(file, time));
    }

    /// <summary>Downloads a backup file.</summary>
    private static async Task<Results<BackupContent, ApiFailure>> DownloadBackupFile(BackupFilePath path, BackupFileQuery query, IBackupStore backups,
        CancellationToken cancellation)
    {
        var opening = await backups.OpenAsync(query.Node, path.Filename, cancellation);
        return opening.Content is { } content ? new BackupContent(content) : Failed(opening.Outcome, query.Node);
    }

    /// <summary>Deletes a backup file.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteBackupFile(BackupFilePath path, BackupFileQuery query, IBackupStore backups,
        CancellationToken cancellation)
    {
        var outcome = await backups.DeleteAsync(query.Node, path.Filename, cancellation);
        return outcome == BackupOutcome.Done ? Answer.NoContent() : Failed(outcome, query.Node);
    }

    private static ApiFailure Failed(BackupOutcome outcome, string? node) => outcome == BackupOutcome.UnknownNode
        ? Failure.BadRequest.Because($"Unknown node: {node}")
        : Failure.NotFound.Because("backup file not found");
}
