using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.OpenApi;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>One field of a client: its name, what the description says of it, and where its value comes from.</summary>
internal sealed record ClientField(string Name, string Summary, FieldForm Form, ClientValueKind Kind, bool IsNullable = false)
    : DescribedField(Name, Summary, Form, IsNullable)
{
    /// <summary>Of numbers, limits (0 and less: none) and moments (Unix milliseconds; long.MaxValue: null).</summary>
    public ClientValue<long>? Number { get; init; }

    public ClientValue<bool>? Boolean { get; init; }

    public ClientValue<string?>? Text { get; init; }

    /// <summary>Of a field that is no single value: writes its JSON.</summary>
    public ClientValueWriter? Write { get; init; }

    /// <summary>The JSON of a field that is the same for every client.</summary>
    public string Constant { get; init; } = "";

    /// <summary>Whether only clients that are away have it.</summary>
    public bool IsOfAbsent { get; init; }

    /// <summary>Whether the parameter <c>fields</c> takes its name.</summary>
    public bool IsSelectable { get; init; } = true;
}

/// <summary>How the value of a field becomes JSON.</summary>
internal enum ClientValueKind
{
    Constant,
    Number,
    Limit,
    Boolean,
    Moment,
    Text,
    Written,
}

/// <summary>Reads a value of a client.</summary>
internal delegate T ClientValue<out T>(in ClientFacts client);

/// <summary>Writes a value of a client.</summary>
internal delegate void ClientValueWriter(RowBuffer json, in ClientFacts client);

/// <summary>A client's row, opened once for all its fields.</summary>
internal readonly struct ClientFacts(in ClientRow row)
{
    public readonly string Node = row.Node;
    public readonly IClientView View = row.View;
    public readonly ClientInfo Info = row.View.Client;
    public readonly SessionCounters Counters = row.View.Counters;
    public readonly bool IsConnected = row.View.IsConnected;
}
