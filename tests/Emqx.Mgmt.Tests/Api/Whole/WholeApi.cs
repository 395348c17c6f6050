using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;

namespace Emqx.Mgmt.Tests.Api.Whole;

/// <summary>All that a server shows: every GET operation of its description, those about one thing for each that the lists name.</summary>
internal static class WholeApi
{
    /// <summary>Lists that do not stand at the path before the parameter.</summary>
    private static readonly Dictionary<string, string> s_lists = new()
    {
        ["/mqtt/retainer/message/{topic}"] = "/mqtt/retainer/messages", ["/mqtt/delayed/messages/{node}/{msgid}"] = "/mqtt/delayed/messages",
        ["/monitor/nodes/{node}"] = "/nodes", ["/monitor_current/nodes/{node}"] = "/nodes", ["/relup/status/{node}"] = "/nodes",
    };

    /// <summary>Every answer by its path, status first.</summary>
    public static async Task<SortedDictionary<string, string>> ReadAsync(NodeApi api, Func<string, bool> wanted)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var operation in await DescribedOperation.AllAsync(api))
        {
            if (operation.Method != "GET" || !wanted(operation.Path))
                continue;
            foreach (var path in await PathsOfAsync(api, operation))
                answers[path] = await ReadAsync(api, path);
        }

        return answers;
    }

    /// <summary>Status and body of one path.</summary>
    public static async Task<string> ReadAsync(NodeApi api, string path)
    {
        var (status, body) = await api.SendAsync(HttpMethod.Get, path);
        return $"{(int)status} {body}";
    }

    /// <summary>The paths of an operation, with what the lists name in place of the parameters.</summary>
    private static async Task<IReadOnlyList<string>> PathsOfAsync(NodeApi api, DescribedOperation operation)
    {
        List<string> paths = [""];
        var soFar = "";
        foreach (var segment in operation.Path.Split('/')[1..])
        {
            soFar += "/" + segment;
            if (!segment.StartsWith('{'))
            {
                paths = [.. paths.Select(path => $"{path}/{segment}")];
                continue;
            }

            var longer = new List<string>();
            foreach (var path in paths)
                longer.AddRange((await NamesAsync(api, s_lists.GetValueOrDefault(soFar, path), segment[1..^1])).Select(name => $"{path}/{Uri.EscapeDataString(name)}"));
            paths = longer;
        }

        return paths;
    }

    private static async Task<IEnumerable<string>> NamesAsync(NodeApi api, string list, string parameter)
    {
        var (status, body) = await api.SendAsync(HttpMethod.Get, list);
        if (status != HttpStatusCode.OK || body is not ['[' or '{', ..])
            return [];
        var found = JsonDocument.Parse(body).RootElement;
        if (found.ValueKind == JsonValueKind.Object)
            found = found.EnumerateObject().FirstOrDefault(static field => field.Value.ValueKind == JsonValueKind.Array).Value;
        if (found.ValueKind != JsonValueKind.Array)
            return [];
        return found.EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Object && row.TryGetProperty(parameter, out var name) ? name.GetString() : null)
            .OfType<string>().Distinct().ToList();
    }
}
