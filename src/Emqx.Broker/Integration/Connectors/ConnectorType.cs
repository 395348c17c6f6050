using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Integration.Connectors;

/// <summary>An entry of the catalogue of connectors.</summary>
/// <param name="Type">EMQX's name of the type: <c>http</c>, <c>mqtt</c>.</param>
/// <param name="Kind">What a configuration may say of it, beside what all connectors have.</param>
/// <param name="Create">Makes one from a configuration that was checked against the kind.</param>
internal sealed record ConnectorType(string Type, StructKind Kind, Func<ConfigObject, IServiceProvider, IConnector> Create);
