using Emqx.Broker.Collections;

namespace Emqx.Broker.Integration.Connectors;

/// <summary>The types of connectors: a folder here and a line below for each.</summary>
internal sealed class ConnectorCatalogue(params IEnumerable<ConnectorType> types) : Catalogue<ConnectorType>(types, type => type.Type)
{
    public static readonly ConnectorCatalogue All = new([]);
}
