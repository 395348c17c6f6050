using System.Text.Json;
using System.Text.Unicode;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>Marks operations that read their body themselves (uploads, HOCON text).</summary>
internal sealed record ReadsOwnBody;

/// <summary>What one request brought along: its parsed body, and the first failure met while binding.</summary>
internal sealed class RequestInput
{
    private readonly bool _pathIsText;
    private List<QueryText.Pair>? _query;

    private RequestInput(bool pathIsText) => _pathIsText = pathIsText;

    /// <summary>What is answered instead of the handler's result.</summary>
    public IResult? Failure { get; set; }

    /// <summary>A body came that is no JSON.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>The body, or <c>{}</c> where none came.</summary>
    public ConfigValue Body { get; private set; } = ConfigObject.Empty;

    /// <summary>Attaches the input to a request.</summary>
    public static void Start(HttpContext context, bool pathIsText) => context.Features.Set(new RequestInput(pathIsText));

    /// <summary>The input of a request.</summary>
    public static RequestInput Of(HttpContext context) => context.Features.GetRequiredFeature<RequestInput>();

    /// <summary>Checks the query's encoding and reads the body, which is JSON or else left alone.</summary>
    public async ValueTask ReadAsync(HttpContext context)
    {
        if (!QueryText.IsWellFormed(context.Request.QueryString.Value))
            Failure = RawAnswer.BadRequest;
        else if (HasBody(context))
            await ReadBodyAsync(context, BodyLimit.Of(context));
        if (!_pathIsText)
            Failure ??= Failures.Failure.BadRequest.Because("The path holds what is no text in UTF-8");
    }

    /// <summary>The query string's pairs, taken apart once.</summary>
    public List<QueryText.Pair> QueryOf(HttpContext context) => _query ??= QueryText.Parse(context.Request.QueryString.Value ?? "");

    private static bool HasBody(HttpContext context) => context.Request.ContentLength is not 0
        && (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength > 0);

    private async ValueTask ReadBodyAsync(HttpContext context, long limit)
    {
        if (context.Request.ContentLength > limit)
        {
            RefuseLength(context);
            return;
        }

        BodyLimit.Impose(context, limit);
        if (context.GetEndpoint()?.Metadata.GetMetadata<ReadsOwnBody>() is not null)
            return;
        var type = context.Request.ContentType;
        if (!IsJson(type, out var isMalformed))
        {
            IsForeign = true;
            if (isMalformed)
                Failure = RawAnswer.BadRequest;
            return;
        }

        using var bytes = new PooledBuffer();
        if (!await RequestBody.ReadAsync(context, bytes, limit))
        {
            RefuseLength(context);
            return;
        }

        if (bytes.Length > 0)
            Parse(bytes.Span);
    }

    /// <summary>Nobody reads the rest, so the connection ends with the answer.</summary>
    private void RefuseLength(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        Failure = Failures.Failure.PayloadTooLarge.AsIs();
    }

    private void Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (Utf8.IsValid(bytes))
            {
                Body = ConfigJson.Parse(bytes);
                return;
            }
        }
        catch (JsonException)
        {
            // Answered below.
        }

        Failure = Failures.Failure.BadRequest.Because("Invalid json message received");
    }

    private static bool IsJson(string? type, out bool isMalformed)
    {
        isMalformed = false;
        if (type == Answer.ApplicationJson)
            return true;
        if (string.IsNullOrEmpty(type))
            return false;
        if (MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.SubType.HasValue)
            return parsed.MediaType.Equals(Answer.ApplicationJson, StringComparison.OrdinalIgnoreCase);
        isMalformed = true;
        return false;
    }
}
