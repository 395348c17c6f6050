using System.IO.Compression;
using System.Reflection;
using Emqx.Broker.Modules.Tracing;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Trace;

/// <summary>The logs of a trace as a zip file, packed while it is sent: what is in memory of it does not grow with the logs.</summary>
internal sealed class TraceArchive(string name, IReadOnlyList<OpenedLog> logs) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    private const string Zip = "application/x-zip";
    private const int PieceSize = 64 * 1024;

    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = Zip;
        response.Headers.ContentDisposition = $"attachment; filename={name}.zip";
        var cancellation = httpContext.RequestAborted;
        try
        {
            await using var archive = await ZipArchive.CreateAsync(response.Body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
            foreach (var log in logs)
                await PackAsync(archive, log, cancellation);
        }
        finally
        {
            foreach (var log in logs)
                await log.Content.DisposeAsync();
        }
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(byte[]), [Zip]));

    /// <summary>As much as there was when it was opened: a log may grow faster than it is sent.</summary>
    private static async ValueTask PackAsync(ZipArchive archive, OpenedLog log, CancellationToken cancellation)
    {
        await using var into = await archive.CreateEntry(log.Name, CompressionLevel.Fastest).OpenAsync(cancellation);
        var piece = new byte[PieceSize];
        for (var left = log.Size; left > 0;)
        {
            var count = await log.Content.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, PieceSize)), cancellation);
            if (count == 0)
                return;
            await into.WriteAsync(piece.AsMemory(0, count), cancellation);
            left -= count;
        }
    }
}
