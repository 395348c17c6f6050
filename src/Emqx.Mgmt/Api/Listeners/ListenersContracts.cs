using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Listeners;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Listeners;

/// <summary>The types of listeners.</summary>
internal enum ListenerTypeName
{
    Tcp,
    Ssl,
    Ws,
    Wss,
    Quic,
}

/// <summary>Which listeners are wanted.</summary>
/// <param name="Type">Only those of this type.</param>
internal sealed record ListenersQuery(ListenerTypeName? Type = null) : IQueryString<ListenersQuery>;

/// <summary>The place of a listener.</summary>
/// <param name="Id">Type and name, <c>tcp:default</c>.</param>
internal sealed record ListenerPath([property: Kind(typeof(ListenerIdKind))] string Id) : IPathValues<ListenerPath>
{
    /// <summary>The id, taken apart.</summary>
    [JsonIgnore]
    public ListenerId Listener => ListenerId.TryParse(Id, out var id) ? id.Value : throw new InvalidOperationException("The id has been checked.");
}

/// <summary>A listener's id in a path: a known type, a colon, a name.</summary>
internal sealed class ListenerIdKind() : TextKind("binary()", ProblemOf)
{
    private static string? ProblemOf(string text)
    {
        var atom = text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_') ? text : $"'{text}'";
        return ListenerId.TryParse(text, out _) ? null : $"{{invalid_listener_id,{atom}}}";
    }
}

/// <summary>
/// A listener's configuration: <c>type</c>, <c>name</c> or <c>id</c>, <c>bind</c>, and whatever else its type has. What is left out
/// gets its default, or stays as it is. Certificates may be given as PEM text.
/// </summary>
[Kind(typeof(ListenerBodyKind))]
internal sealed record ListenerBody(ConfigObject Fields) : IJsonBody<ListenerBody>;

/// <summary>An object; its fields are checked against the schema of listeners.</summary>
internal sealed class ListenerBodyKind : OpenKind
{
    public override ConfigValue? Check(ConfigValue value, Inspection at) =>
        value is ConfigObject ? value : at.Wrong(value, "bad_value_for_struct");
}

/// <summary>A listener's configuration with <c>id</c>, <c>type</c>, <c>running</c> and <c>current_connections</c>.</summary>
internal sealed class ListenerResponse : Dictionary<string, JsonElement>;

/// <summary>A listener in the list of all.</summary>
/// <param name="Id">Type and name.</param>
/// <param name="Bind">Address and port.</param>
/// <param name="Number">Nodes that have it.</param>
/// <param name="Status">Its state on all nodes together.</param>
internal sealed record ListenerItemResponse(string Id, string Type, string Name, bool Enable, string Bind, int Acceptors, int Number,
    ListenerStatusResponse Status, IReadOnlyList<ListenerNodeResponse> NodeStatus);

/// <summary>The listeners of one type.</summary>
/// <param name="Ids">Their ids.</param>
/// <param name="Status">Their states together.</param>
internal sealed record ListenerTypeResponse(string Type, bool Enable, IReadOnlyList<string> Ids, ListenerStatusResponse Status,
    IReadOnlyList<ListenerNodeResponse> NodeStatus);

/// <summary>A state on one node.</summary>
internal sealed record ListenerNodeResponse(string Node, ListenerStatusResponse Status);

/// <summary>A state.</summary>
/// <param name="Running">true, false, or <c>inconsistent</c> where listeners or nodes differ.</param>
/// <param name="MaxConnections">A number or <c>infinity</c>.</param>
/// <param name="CurrentConnections">Open connections.</param>
internal sealed record ListenerStatusResponse(JsonElement Running, JsonElement MaxConnections, long CurrentConnections);

[JsonSerializable(typeof(ListenerResponse))]
[JsonSerializable(typeof(ListenerItemResponse[]))]
[JsonSerializable(typeof(ListenerTypeResponse[]))]
internal sealed partial class ListenersJson : JsonSerializerContext;
