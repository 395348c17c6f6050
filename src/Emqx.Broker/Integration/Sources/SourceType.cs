using Emqx.Broker.Integration.Connectors;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Integration.Sources;

/// <summary>An entry of the catalogue of sources.</summary>
/// <param name="Type">EMQX's name of the type: <c>mqtt</c>.</param>
/// <param name="ConnectorType">The type of connector that it reads through.</param>
/// <param name="Parameters">What a configuration may say under <c>parameters</c>.</param>
/// <param name="Create">Makes one from parameters that were checked, and a connector of that type.</param>
internal sealed record SourceType(string Type, string ConnectorType, StructKind Parameters, Func<ConfigObject, IConnector, ISource> Create);
