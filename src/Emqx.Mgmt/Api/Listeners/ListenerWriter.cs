using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Listeners;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Api.Listeners;

/// <summary>What the API shows of listeners.</summary>
internal static class ListenerWriter
{
    private static readonly JsonElement s_true = Constant("true"), s_false = Constant("false"), s_inconsistent = Constant("\"inconsistent\""),
        s_infinity = Constant("\"infinity\"");

    /// <summary>The whole configuration of one listener, with its state.</summary>
    public static void WriteOne(Utf8JsonWriter json, ListenerFacts listener)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, listener.Id.ToString());
        json.WriteString("type"u8, listener.Id.Type);
        json.WriteBoolean("running"u8, listener.Status.Running ?? false);
        json.WriteNumber("current_connections"u8, listener.Status.CurrentConnections);
        json.WriteString("bind"u8, Bind(listener.Fields));
        foreach (var (name, value) in listener.Fields)
        {
            if (name == "bind")
                continue;
            json.WritePropertyName(name);
            ConfigJson.Write(json, value);
        }

        json.WriteEndObject();
    }

    /// <summary>One listener in the list.</summary>
    public static ListenerItemResponse ToItem(ListenerFacts listener) => new(listener.Id.ToString(), listener.Id.Type, listener.Id.Name,
        listener.Settings.Enable, Bind(listener.Fields), Acceptors(listener.Fields), listener.Nodes.Count, ToStatus(listener.Status),
        ToNodes(listener.Nodes));

    /// <summary>The listeners of one type together.</summary>
    public static ListenerTypeResponse ToType(string type, IReadOnlyList<ListenerFacts> listeners)
    {
        var nodes = listeners.SelectMany(listener => listener.Nodes).GroupBy(node => node.Node)
            .Select(node => new NodeTagged<ListenerStatus>(node.Key, ListenerStatus.Sum([.. node.Select(one => one.Value)])));
        return new ListenerTypeResponse(type, listeners.Any(listener => listener.Settings.Enable),
            [.. listeners.Select(listener => listener.Id.ToString())],
            ToStatus(ListenerStatus.Sum([.. listeners.Select(listener => listener.Status)])), ToNodes([.. nodes]));
    }

    /// <summary>A port alone is written with a colon before it.</summary>
    private static string Bind(ConfigObject fields) => fields["bind"] switch
    {
        ConfigNumber port => ":" + port.Text,
        ConfigText { Text: var text } => text.Contains(':', StringComparison.Ordinal) ? text : ":" + text,
        _ => "",
    };

    private static int Acceptors(ConfigObject fields) =>
        fields["acceptors"] is ConfigNumber number && number.TryGetInteger(out var value) ? (int)Math.Min(value, int.MaxValue) : 0;

    private static ListenerNodeResponse[] ToNodes(IReadOnlyList<NodeTagged<ListenerStatus>> nodes) =>
        [.. nodes.Select(node => new ListenerNodeResponse(node.Node, ToStatus(node.Value)))];

    private static ListenerStatusResponse ToStatus(ListenerStatus status) => new(
        status.Running switch { true => s_true, false => s_false, null => s_inconsistent },
        status.MaxConnections < 0 ? s_infinity : Constant(status.MaxConnections.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        status.CurrentConnections);

    private static JsonElement Constant(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
