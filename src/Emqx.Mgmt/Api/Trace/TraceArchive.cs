using System.Buffers;
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
        var packed = new PackedBytes(response.Body, httpContext.RequestAborted);
        try
        {
            using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var log in logs)
                    await PackAsync(archive, log, packed);
            }

            await packed.SendAsync();
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
    private static async ValueTask PackAsync(ZipArchive archive, OpenedLog log, PackedBytes packed)
    {
        using var into = archive.CreateEntry(log.Name, CompressionLevel.Fastest).Open();
        var piece = new byte[PieceSize];
        for (var left = log.Size; left > 0;)
        {
            var count = await log.Content.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, PieceSize)), packed.Cancellation);
            if (count == 0)
                return;
            into.Write(piece.AsSpan(0, count));
            await packed.SendAsync();
            left -= count;
        }
    }

    /// <summary>What was packed and is not sent yet. The archive ends its entries with writes that do not wait, which a response refuses.</summary>
    private sealed class PackedBytes(Stream response, CancellationToken cancellation) : Stream
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public CancellationToken Cancellation => cancellation;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public async ValueTask SendAsync()
        {
            await response.WriteAsync(_bytes.WrittenMemory, cancellation);
            _bytes.ResetWrittenCount();
        }

        public override void Write(byte[] buffer, int offset, int count) => _bytes.Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => _bytes.Write(buffer);

        public override void Flush()
        {
            // What is there is sent piece by piece.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
