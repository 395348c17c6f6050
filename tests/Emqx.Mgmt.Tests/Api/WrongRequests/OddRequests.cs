using System.Text;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Tests.Api.Whole;

namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>The odd requests of an operation, from the kinds of its body, its query and its path.</summary>
internal static class OddRequests
{
    private const int LongestSent = 8 * 1024 * 1024;

    private static readonly string[] s_malformed = ["{", "{\"a\":1} x", "{'a':1}", "nul", "[1,]"];

    /// <summary>What stands in paths for things that are there.</summary>
    private static readonly (string Of, string Name)[] s_there =
    [
        ("/clients/{clientid}", FilledServer.Client), ("/users/{username}", FilledServer.User), ("/api_key/{name}", FilledServer.Key), ("/trace/{name}", FilledServer.Trace),
        ("/listeners/{id}", FilledServer.Listener), ("/mqtt/retainer/message/{topic}", FilledServer.Retained), ("/mqtt/topic_metrics/{topic}", FilledServer.Measured),
        ("/authorization/sources/{type}", "built_in_database"), ("/authorization/sources/built_in_database/rules/users/{username}", FilledServer.User),
        ("/authorization/sources/built_in_database/rules/clients/{clientid}", FilledServer.Client), ("{node}", "emqx@127.0.0.1"),
        ("/authentication/{id}", FilledServer.Authenticator), ("{user_id}", FilledServer.Authenticated), ("{position}", "front"), ("/error_codes/{code}", "BAD_REQUEST"), ("/configs_reset/{rootname}", "alarm"),
    ];

    public static IEnumerable<OddRequest> Of(DescribedOperation operation, SettingsCatalogue catalogue)
    {
        var right = PathOf(operation, null);
        var form = BodyForm.Of(operation, catalogue);
        var sample = form is null ? null : Samples.Of(form.Kind);
        var body = sample is null ? null : BytesOf(sample);
        var texts = operation.ReadsOwnBody ? OfUpload(operation, right) : OfText(operation, right, form, body);
        var bodies = form is null || sample is null ? [] : OfBody(operation, form, right, sample);
        return [.. OfPath(operation, body), .. OfQuery(operation, right, body), .. texts, .. bodies];
    }

    private static IEnumerable<OddRequest> OfBody(DescribedOperation operation, BodyForm form, string path, ConfigValue sample)
    {
        foreach (var (what, value) in OddValues.Of(form.Kind, sample))
        {
            var body = BytesOf(value);
            var expected = body.Length > operation.LongestBody ? Expected.TooLong
                : value is ConfigText ? Expected.OtherMedia
                : value is ConfigObject or ConfigArray && form.Takes(value) ? Expected.Declared : Expected.Refused;
            yield return new($"body: {what}", path, expected, body);
        }

        yield return new("body: null", path, Expected.Refused, "null"u8.ToArray());
        yield return new("no body", path, form.Takes(ConfigObject.Empty) ? Expected.Declared : Expected.Refused);
    }

    private static IEnumerable<OddRequest> OfText(DescribedOperation operation, string path, BodyForm? form, byte[]? sample)
    {
        foreach (var text in s_malformed)
            yield return new($"body: {text}", path, Expected.Refused, Encoding.UTF8.GetBytes(text));
        yield return new("body: no UTF-8", path, Expected.Refused, [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]);
        yield return new("type: nonsense", path, Expected.Bare, sample ?? "{}"u8.ToArray(), "nonsense");
        if (form is null)
            yield break;
        yield return new("type: text/plain", path, Expected.OtherMedia, sample ?? "{}"u8.ToArray(), "text/plain");
        yield return new("type: none", path, Expected.OtherMedia, sample ?? "{}"u8.ToArray(), null);
        if (operation.LongestBody <= LongestSent)
            yield return new("body: too long", path, Expected.TooLong, Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', (int)operation.LongestBody)}\"}}"));
    }

    /// <summary>Operations that read their bodies themselves: files, and HOCON.</summary>
    private static IEnumerable<OddRequest> OfUpload(DescribedOperation operation, string path)
    {
        if (operation.UploadField is not { } field)
        {
            foreach (var text in (string[])["{", "nosuch = 1", "mqtt { nosuch = 1 }", "mqtt = 1", "mqtt { max_topic_alias = x }", "node { name = \"x@127.0.0.1\" }", "mqtt { max_topic_alias = -1 }\nalarm { size_limit = 5 }"])
                yield return new($"text: {text}", path, Expected.Failed, Encoding.UTF8.GetBytes(text), "text/plain");
            yield break;
        }

        yield return new("no form", path, Expected.Failed);
        yield return new("JSON", path, Expected.Failed, "{}"u8.ToArray());
        yield return new("a form without its end", path, Expected.Failed, Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a-1.tar.gz\"\r\n\r\nx"), "multipart/form-data; boundary=b");
        foreach (var (what, disposition) in ((string, string)[])[("another field", "name=\"nosuch\"; filename=\"a-1.tar.gz\""), ("no file", $"name=\"{field}\""), ("no name", $"name=\"{field}\"; filename=\"\""),
            ("a name that is a path", $"name=\"{field}\"; filename=\"../a-1.tar.gz\""), ("no archive", $"name=\"{field}\"; filename=\"a-1.tar.gz\"")])
            yield return new($"a form: {what}", path, Expected.Failed, Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\nx\r\n--b--\r\n"), "multipart/form-data; boundary=b");
    }

    private static IEnumerable<OddRequest> OfQuery(DescribedOperation operation, string path, byte[]? body)
    {
        foreach (var field in operation.InQuery)
        {
            foreach (var (what, text) in OddValues.Texts)
            {
                ConfigValue value = field.Kind is ArrayKind ? new ConfigArray([text]) : text;
                var isTaken = field.Kind.Check(value, new Inspection("") { IsRequest = true, FirstOnly = true }) is not null;
                yield return new($"{field.Name}: {what}", $"{path}?{field.Name}={Uri.EscapeDataString(text)}", isTaken ? Expected.Declared : Expected.Refused, body);
            }

            yield return new($"{field.Name}: no UTF-8", $"{path}?{field.Name}=%FF", Expected.Refused, body);
            yield return new($"{field.Name}: a NUL", $"{path}?{field.Name}=a%00", Expected.Refused, body);
        }
    }

    private static IEnumerable<OddRequest> OfPath(DescribedOperation operation, byte[]? body)
    {
        foreach (var (name, kind) in operation.InPath)
        {
            foreach (var (what, text) in OddValues.Texts.Where(static one => one.Text.Length > 0))
            {
                var isTaken = kind.Check(text, new Inspection("") { IsRequest = true, FirstOnly = true }) is not null;
                yield return new($"{name}: {what}", PathOf(operation, (name, Uri.EscapeDataString(text))), isTaken ? Expected.Declared : Expected.Refused, body);
            }

            yield return new($"{name}: no UTF-8", PathOf(operation, (name, "%FF")), Expected.Refused, body);
        }
    }

    /// <summary>The operation's path with things that are there, but for one parameter.</summary>
    private static string PathOf(DescribedOperation operation, (string Name, string Text)? other)
    {
        var path = operation.Path;
        foreach (var (name, kind) in operation.InPath)
        {
            var there = s_there.FirstOrDefault(one => one.Of == $"{{{name}}}" || path.StartsWith(one.Of, StringComparison.Ordinal)).Name
                ?? (Samples.Of(kind) is { } value ? (value as ConfigText)?.Text ?? value.ToString() : "n1");
            path = path.Replace($"{{{name}}}", other?.Name == name ? other.Value.Text : Uri.EscapeDataString(there), StringComparison.Ordinal);
        }

        return path;
    }

    private static byte[] BytesOf(ConfigValue value) => Encoding.UTF8.GetBytes(ConfigJson.ToText(value, asWritten: true));
}
