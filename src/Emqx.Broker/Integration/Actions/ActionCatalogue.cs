using Emqx.Broker.Collections;

namespace Emqx.Broker.Integration.Actions;

/// <summary>The types of actions: a folder here and a line below for each.</summary>
internal sealed class ActionCatalogue(params IEnumerable<ActionType> types) : Catalogue<ActionType>(types, type => type.Type)
{
    public static readonly ActionCatalogue All = new([]);
}
