namespace Emqx.Broker.Integration.Actions;

/// <summary>One result of a rule, or one message, on its way to an action.</summary>
/// <param name="columns">Values by name; templates of the action's configuration read them.</param>
/// <param name="since">When it came, Unix milliseconds: the time to live of a request counts from then.</param>
internal sealed class ActionRow(IReadOnlyDictionary<string, object?> columns, long since)
{
    public IReadOnlyDictionary<string, object?> Columns { get; } = columns;

    public long Since { get; } = since;
}
