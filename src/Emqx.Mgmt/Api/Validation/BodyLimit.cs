using Microsoft.AspNetCore.Http.Features;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>How many bytes the body of an operation may have; more is 413 before it is read.</summary>
internal sealed record BodyLimit(long Bytes)
{
    /// <summary>Where an operation says nothing.</summary>
    public static readonly BodyLimit Usual = new(1024 * 1024);

    /// <summary>Where anybody may ask: names and passwords.</summary>
    public static readonly BodyLimit Credentials = new(16 * 1024);

    /// <summary>Messages, one or many: what the server takes at all.</summary>
    public static readonly BodyLimit Messages = new(30_000_000);

    /// <summary>Lists of clients and of filters.</summary>
    public static readonly BodyLimit Lists = new(8 * 1024 * 1024);

    /// <summary>Backup files.</summary>
    public static readonly BodyLimit Backups = new(1024L * 1024 * 1024);

    /// <summary>Packages in forms, whose content nobody reads yet.</summary>
    public static readonly BodyLimit Packages = new(64 * 1024 * 1024);

    /// <summary>The limit of the operation that was found for a request.</summary>
    public static long Of(HttpContext context) => (context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>() ?? Usual).Bytes;

    /// <summary>Tells the server too: it holds bodies whose length is not said to it, whoever reads them.</summary>
    public static void Impose(HttpContext context, long bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = bytes;
    }
}
