namespace Emqx.Broker.Storage;

/// <summary>Keeps the authorization rules of the built-in database. A completed task means that the change is on disk.</summary>
internal interface IAuthzRuleStore
{
    /// <summary>All rules.</summary>
    ValueTask<IReadOnlyList<StoredAuthzRules>> LoadAsync(CancellationToken cancellation);

    /// <summary>Puts rules in place of those of the same subjects, all or none.</summary>
    ValueTask SaveAsync(IReadOnlyCollection<StoredAuthzRules> rules, CancellationToken cancellation);

    /// <summary>Deletes the rules of a subject; none: nothing.</summary>
    ValueTask DeleteAsync(string kind, string who, CancellationToken cancellation);

    /// <summary>Deletes all rules.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>The rules of one subject as they are kept.</summary>
/// <param name="Kind">clientid, username or all.</param>
/// <param name="Who">The name; empty for all.</param>
/// <param name="Rules">As JSON, in order.</param>
internal sealed record StoredAuthzRules(string Kind, string Who, string Rules);
