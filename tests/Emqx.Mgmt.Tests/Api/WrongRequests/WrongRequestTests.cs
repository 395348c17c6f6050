using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Tests.Api.Nodes;
using Emqx.Mgmt.Tests.Api.Whole;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>Slightly wrong requests to every operation that is described, made from what the operation says it reads.</summary>
public sealed class WrongRequestTests
{
    private const int MostTold = 60;

    /// <summary>What EMQX, too, answers with a 500, as it was recorded.</summary>
    private const string UnknownNode = "NODE_DOWN";

    /// <summary>Lists of what is kept; the text of the configuration has the rest.</summary>
    private static readonly string[] s_kept =
    [
        "/configs", "/banned", "/api_key", "/users", "/listeners", "/trace", "/mqtt/retainer/messages", "/mqtt/delayed/messages", "/mqtt/topic_metrics", "/alarms", "/alarms?activated=false",
        "/authorization/sources", "/authorization/settings", "/authorization/sources/built_in_database/rules/users", "/authorization/sources/built_in_database/rules/clients",
        "/authorization/sources/built_in_database/rules/all", "/clients", "/data/files",
        "/authentication", "/authentication/" + FilledServer.Authenticator + "/users", "/cluster/invitation",
    ];

    /// <summary>Settings that are not tried out: of the server that the tests themselves talk to, paths of files, and other systems, which would be asked.</summary>
    private static readonly (string Operation, string Field)[] s_spared =
        [("POST /authentication", ""), ("PUT /authentication/{id}", ""), ("POST /authorization/sources", ""), ("PUT /authorization/sources/{type}", ""), ("PUT /configs/dashboard", "listeners"), ("PUT /configs/dashboard", "token_expired_time"), ("PUT /configs/log", "file")];

    /// <summary>What is sent to them is not what they show: a switch that may not stand there already, and an order to reset.</summary>
    private static readonly string[] s_otherForm = ["PUT /telemetry/status", "PUT /mqtt/topic_metrics"];

    [Fact]
    public async Task What_is_wrong_is_refused_as_it_is_described_and_changes_nothing()
    {
        await using var api = await FilledServer.StartAsync();
        await FilledServer.FillAsync(api);
        var problems = new List<string>();
        var count = 0;
        var before = await KeptAsync(api);
        foreach (var operation in await DescribedOperation.AllAsync(api))
        {
            foreach (var request in OddRequests.Of(operation, Catalogue(api)).Where(static request => request.Expected != Expected.Declared))
            {
                count++;
                await TryAsync(api, operation, request, problems);
            }

            var after = await KeptAsync(api);
            if (before != after)
                problems.Add($"{operation}: something has changed");
            before = after;
        }

        Assert.InRange(count, 3000, 100_000);
        Assert.True(problems.Count == 0, $"{problems.Count}:\n{string.Join('\n', problems.Take(MostTold))}");
    }

    [Fact]
    public async Task What_is_odd_and_still_taken_is_answered_as_it_is_described()
    {
        await using var api = await FilledServer.StartAsync();
        await FilledServer.FillAsync(api);
        var problems = new List<string>();
        var count = 0;
        foreach (var operation in await DescribedOperation.AllAsync(api))
        {
            var was = operation is { Method: "PUT", BodyType: not null } && !s_otherForm.Contains(operation.ToString()) ? await api.SendAsync(HttpMethod.Get, operation.Path) : default;
            foreach (var request in OddRequests.Of(operation, Catalogue(api)).Where(request => request.Expected == Expected.Declared && !IsSpared(operation, request)))
            {
                count++;
                await TryAsync(api, operation, request, problems);
            }

            // What was shown may be sent back as it was, as the Dashboard does.
            if (was is { Status: HttpStatusCode.OK } && await api.SendAsync(HttpMethod.Put, operation.Path, was.Body) is { Status: >= HttpStatusCode.BadRequest } back)
                problems.Add($"{operation} with what it has shown: {(int)back.Status} {back.Body}");
        }

        Assert.InRange(count, 500, 100_000);
        Assert.True(problems.Count == 0, $"{problems.Count}:\n{string.Join('\n', problems.Take(MostTold))}");
    }

    private static SettingsCatalogue Catalogue(NodeApi api) => api.Services.GetRequiredService<RunningConfiguration>().Catalogue;

    private static bool IsSpared(DescribedOperation operation, OddRequest request) => Array.Exists(s_spared,
        one => operation.ToString() == one.Operation && request.What.StartsWith($"body: {one.Field}", StringComparison.Ordinal));

    private static async Task<string> KeptAsync(NodeApi api)
    {
        var kept = new List<string>();
        foreach (var path in s_kept)
            kept.Add($"{path} {await WholeApi.ReadAsync(api, path)}");
        return string.Join('\n', kept);
    }

    private static async Task TryAsync(NodeApi api, DescribedOperation operation, OddRequest request, List<string> problems)
    {
        using var message = new HttpRequestMessage(new HttpMethod(operation.Method), "/api/v5" + request.Path);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            if (request.ContentType is { } type && !message.Content.Headers.TryAddWithoutValidation("Content-Type", type))
                throw new InvalidOperationException(type);
        }

        using var answer = await api.Http.SendAsync(message);
        var text = await answer.Content.ReadAsStringAsync();
        var code = CodeOf(answer.Content.Headers.ContentType, text);
        if (!Fits(operation, request, (int)answer.StatusCode, code, text))
            problems.Add($"{operation}: {request.What}: {(int)answer.StatusCode} {Shortened(text)}, not {request.Expected} ({Shortened(request.Path)} {Shortened(Encoding.UTF8.GetString(request.Body ?? []))})");
    }

    private static bool Fits(DescribedOperation operation, OddRequest request, int status, string? code, string text) => request.Expected switch
    {
        Expected.Refused => (status, code) == (400, "BAD_REQUEST"),
        Expected.Bare => status == 400 && text.Length == 0,
        Expected.OtherMedia => (status, code) == (415, "UNSUPPORTED_MEDIA_TYPE"),
        Expected.TooLong => (status, code) == (413, "BAD_REQUEST"),
        Expected.Failed => status is >= 400 and < 500 && (operation.Declares(status, code) || operation.Declares(status, "BAD_REQUEST")),
        _ => (status < 500 || code == UnknownNode) && operation.Declares(status, status < 400 ? null : code),
    };

    private static string? CodeOf(MediaTypeHeaderValue? type, string text)
    {
        if (type?.MediaType != "application/json" || !text.StartsWith('{'))
            return null;
        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString() : null;
    }

    private static string Shortened(string text) => text.Length <= 160 ? text : text[..160] + "…";
}
