using Emqx.Broker.Integration.Connectors;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Integration.Actions;

/// <summary>An entry of the catalogue of actions.</summary>
/// <param name="Type">EMQX's name of the type: <c>http</c>, <c>mqtt</c>.</param>
/// <param name="ConnectorType">The type of connector that it sends through.</param>
/// <param name="Parameters">What a configuration may say under <c>parameters</c>.</param>
/// <param name="Create">Makes one from parameters that were checked, and a connector of that type.</param>
internal sealed record ActionType(string Type, string ConnectorType, StructKind Parameters, Func<ConfigObject, IConnector, IAction> Create)
{
    /// <summary>Whether several rows may be sent as one.</summary>
    public bool TakesBatches { get; init; }
}
