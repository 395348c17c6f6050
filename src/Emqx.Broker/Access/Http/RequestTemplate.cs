using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Http;

/// <summary>
/// The requests that a service is asked with: address, headers and body with places for what differs from client to client. Each value is encoded
/// for where it goes, so that it is one value there, whatever a client is called.
/// </summary>
internal sealed class RequestTemplate
{
    private const string ContentType = "content-type";
    private const string HostHeader = "host";

    /// <summary>Bytes of a path with its query.</summary>
    private const int LongestTarget = 64 * 1024;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly AccessUrl _url;
    private readonly TextTemplate _path;
    private readonly List<(TextTemplate Name, TextTemplate Value)> _query;
    private readonly List<(TextTemplate Name, TextTemplate Value)> _body;
    private readonly List<(string Name, TextTemplate Value)> _headers = [];
    private readonly HttpMethod _method;

    /// <param name="settings">The fields <c>method</c>, <c>headers</c> and <c>body</c>, checked.</param>
    /// <param name="names">Places that there may be.</param>
    public RequestTemplate(AccessUrl url, SettingsReader settings, TemplateNames names)
    {
        _url = url;
        _method = settings.Text("method") == "post" ? HttpMethod.Post : HttpMethod.Get;
        _path = new(url.Path, names);
        _query = [.. (FormEncoding.Read(url.Query) ?? []).Select(pair => (new TextTemplate(pair.Name, names), new TextTemplate(pair.Value, names)))];
        _body = [.. TextsOf(settings, "body").Select(pair => (new TextTemplate(pair.Name, names), new TextTemplate(pair.Text, names)))];
        foreach (var (name, text) in TextsOf(settings, "headers"))
            _headers.Add((name, new TextTemplate(text, names)));
        if (_method == HttpMethod.Post && !_headers.Exists(static header => header.Name == ContentType))
            _headers.Add((ContentType, new TextTemplate(HttpAnswer.Json, TemplateNames.None)));
    }

    /// <summary>The request; null where a value can not stand in its place.</summary>
    public HttpRequestMessage? Make(TemplateValues values)
    {
        if (TargetOf(values) is not { } target)
            return null;
        var request = new HttpRequestMessage(_method, new Uri(_url.Wire + target, s_asWritten)) { Version = HttpVersion.Version11 };
        request.Headers.Host = _url.Authority;
        if (AddHeaders(request, values, out var contentType) && (_method == HttpMethod.Get || AddBody(request, contentType, values)))
            return request;
        request.Dispose();
        return null;
    }

    private static IEnumerable<(string Name, string Text)> TextsOf(SettingsReader settings, string name) =>
        (settings.Object(name) ?? ConfigObject.Empty).Select(static pair => (pair.Key, pair.Value is ConfigText text ? text.Text : pair.Value.ToString()));

    private string? TargetOf(TemplateValues values)
    {
        var target = new ArrayBufferWriter<byte>(256);
        _path.Write(target, values, FormEncoding.Write);
        if (!_path.IsConstant && HasDots(target.WrittenSpan))
            return null;
        var between = "?"u8;
        WritePairs(target, values, _query, ref between);
        if (_method == HttpMethod.Get)
            WritePairs(target, values, _body, ref between);
        return target.WrittenCount <= LongestTarget ? Encoding.ASCII.GetString(target.WrittenSpan) : null;
    }

    /// <summary>A client called <c>..</c> would be asked about at another address.</summary>
    private static bool HasDots(ReadOnlySpan<byte> path)
    {
        foreach (var range in path.Split((byte)'/'))
        {
            if (path[range] is [(byte)'.'] or [(byte)'.', (byte)'.'])
                return true;
        }

        return false;
    }

    private static void WritePairs(ArrayBufferWriter<byte> into, TemplateValues values, List<(TextTemplate Name, TextTemplate Value)> pairs, ref ReadOnlySpan<byte> between)
    {
        foreach (var (name, value) in pairs)
        {
            into.Write(between);
            between = "&"u8;
            FormEncoding.Write(into, name.Fill(values));
            into.Write("="u8);
            FormEncoding.Write(into, value.Fill(values));
        }
    }

    private bool AddHeaders(HttpRequestMessage request, TemplateValues values, out string contentType)
    {
        contentType = "";
        foreach (var (name, template) in _headers)
        {
            var bytes = template.Fill(values).Span;
            if (!IsHeaderValue(bytes))
                return false;
            var value = Encoding.UTF8.GetString(bytes);
            if (name == ContentType)
                contentType = value;
            else if (name == HostHeader)
                request.Headers.Host = value;
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return true;
    }

    /// <summary>A line break in a value would begin another header.</summary>
    private static bool IsHeaderValue(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            if (one is (< (byte)' ' and not (byte)'\t') or 0x7F)
                return false;
        }

        return Utf8.IsValid(bytes);
    }

    private bool AddBody(HttpRequestMessage request, string contentType, TemplateValues values)
    {
        var body = new ArrayBufferWriter<byte>(256);
        var nothing = ReadOnlySpan<byte>.Empty;
        if (HttpAnswer.IsOf(contentType, HttpAnswer.Form))
            WritePairs(body, values, _body, ref nothing);
        else if (!HttpAnswer.IsOf(contentType, HttpAnswer.Json) || !WriteJson(body, values))
            return false;
        request.Content = new ReadOnlyMemoryContent(body.WrittenMemory);
        request.Content.Headers.TryAddWithoutValidation(ContentType, contentType);
        return true;
    }

    /// <summary>False where a value is no text: a password may be any bytes, JSON's texts may not.</summary>
    private bool WriteJson(ArrayBufferWriter<byte> body, TemplateValues values)
    {
        using var writer = new Utf8JsonWriter(body, s_writing);
        writer.WriteStartObject();
        foreach (var (name, value) in _body)
        {
            var (field, text) = (name.Fill(values), value.Fill(values));
            if (!Utf8.IsValid(field.Span) || !Utf8.IsValid(text.Span))
                return false;
            writer.WriteString(field.Span, text.Span);
        }

        writer.WriteEndObject();
        return true;
    }
}
