using Emqx.Broker.Storage.Backups;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>Backup files of tables and configuration.</summary>
internal static class DataBackupEndpoints
{
    public static IServiceCollection AddDataBackup(this IServiceCollection services) => services
        .AddSingleton<IBackupStore, BackupFolder>()
        .AddSingleton<BackupExport>().AddSingleton<BackupImport>()
        .AddSingleton<IValidator<BackupFilePath>, BackupFilePathValidator>()
        .AddSingleton<IValidator<BackupImportRequest>, BackupImportRequestValidator>();

    public static void MapDataBackup(this RouteGroupBuilder api)
    {
        var data = api.MapGroup("/data").WithTags("Data Backup").WithJson<DataBackupJson>();

        data.MapPost("/export", ExportData).Fails(Failure.BadRequest);
        data.MapPost("/import", ImportData).Fails(Failure.BadRequest);
        data.MapGet("/files", ListBackupFiles).WithPaging().Fails(Failure.BadRequest);
        data.MapPost("/files", UploadBackupFile).Fails(Failure.BadRequest, Failure.PayloadTooLarge)
            .WithMetadata(new ReadsOwnBody(), new UploadMetadata("filename"), BodyLimit.Backups);
        data.MapGet("/files/{filename}", DownloadBackupFile).Fails(Failure.BadRequest, Failure.NotFound);
        data.MapDelete("/files/{filename}", DeleteBackupFile).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Makes a backup file of the configuration and the tables, or of parts of them.</summary>
    private static async Task<Results<JsonAnswer<BackupFileResponse>, ApiFailure>> ExportData(BackupExportRequest request, BackupExport export, TimeProvider time,
        CancellationToken cancellation)
    {
        if (BackupExport.UnknownSets(request.TableSets) is { Count: > 0 } sets)
            return Failure.BadRequest.Because($"Invalid table sets: {string.Join(", ", sets)}");
        if (export.UnknownRoots(request.RootKeys) is { Count: > 0 } roots)
            return Failure.BadRequest.Because($"Invalid root keys: {string.Join(", ", roots)}");
        var made = await export.MakeAsync(request.TableSets, request.RootKeys, cancellation);
        return made.File is { } file ? Answer.Ok(BackupFileResponse.From(file, time)) : Failed(made.Outcome, null);
    }

    /// <summary>Puts a backup back over what is there. What cannot be taken is told; the rest is put back all the same.</summary>
    private static async Task<Results<NoContent, ApiFailure>> ImportData(BackupImportRequest request, IBackupStore backups, BackupImport import,
        CancellationToken cancellation)
    {
        var opening = await backups.OpenAsync(request.Node, request.Filename, cancellation);
        if (opening.Content is not { } content)
            return Failure.BadRequest.Because(Failed(opening.Outcome, request.Node).Message);
        await using (content)
        {
            try
            {
                // What has begun is done to its end.
                var problems = await import.RunAsync(content, BackupContents.FolderOf(request.Filename), CancellationToken.None);
                return problems.Count == 0 ? Answer.NoContent() : Failure.BadRequest.Because(string.Join('\n', problems));
            }
            catch (InvalidDataException problem)
            {
                return Failure.BadRequest.Because(problem.Message);
            }
        }
    }

    /// <summary>Takes a backup file, if it is one that can be put back here.</summary>
    private static async Task<Results<NoContent, ApiFailure>> UploadBackupFile(HttpContext context, IBackupStore backups, BackupImport import,
        CancellationToken cancellation)
    {
        if (await UploadedFile.FindAsync(context) is not { } sent)
            return Failure.BadRequest.Because("Missing required parameter: filename");
        if (!BackupName.IsValid(sent.Name))
            return Failure.BadRequest.Because(BackupFilePathValidator.Message);
        try
        {
            var added = await backups.AddAsync(sent.Name, async file =>
            {
                await sent.CopyToAsync(file, cancellation);
                file.Position = 0;
                await import.InspectAsync(file, BackupContents.FolderOf(sent.Name), cancellation);
            }, cancellation);
            return added.Outcome switch
            {
                BackupOutcome.Done => Answer.NoContent(),
                BackupOutcome.AlreadyExists => Failure.BadRequest.Because($"Backup file \"{sent.Name}\" already exists"),
                var other => Failed(other, null),
            };
        }
        catch (InvalidDataException problem)
        {
            return Failure.BadRequest.Because(problem.Message);
        }
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

    private static ApiFailure Failed(BackupOutcome outcome, string? node) => outcome switch
    {
        BackupOutcome.UnknownNode => Failure.BadRequest.Because($"Unknown node: {node}"),
        BackupOutcome.NoFolder => Failure.BadRequest.Because("This node keeps nothing on disk"),
        BackupOutcome.AlreadyExists => Failure.BadRequest.Because("There is a backup of this moment already"),
        _ => Failure.NotFound.Because("backup file not found"),
    };
}
