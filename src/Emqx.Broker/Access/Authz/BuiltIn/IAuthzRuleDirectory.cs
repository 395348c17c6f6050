namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>The rules of the built-in database.</summary>
internal interface IAuthzRuleDirectory
{
    /// <summary>A page of the subjects of a kind with their rules, by name, from the last to the first.</summary>
    /// <param name="like">Only names with this text in them; null: all.</param>
    ValueTask<AuthzRulePage> ListAsync(AuthzSubject subject, string? like, long skip, int limit, CancellationToken cancellation);

    /// <summary>The rules of a subject; null where it has none. Those for everybody are always there.</summary>
    ValueTask<AuthzRuleSet?> FindAsync(AuthzSubject subject, string who, CancellationToken cancellation);
}

/// <summary>Changes the rules of the built-in database. What has been answered is on disk.</summary>
internal interface IAuthzRuleControl
{
    /// <summary>Adds the rules of subjects, all or none. Not null: this one has rules already.</summary>
    ValueTask<string?> AddAsync(IReadOnlyList<AuthzRuleSet> sets, CancellationToken cancellation);

    /// <summary>Puts rules in place of those of the same subject.</summary>
    ValueTask PutAsync(AuthzRuleSet set, CancellationToken cancellation);

    /// <summary>Deletes the rules of a subject. False: it has none.</summary>
    ValueTask<bool> DeleteAsync(AuthzSubject subject, string who, CancellationToken cancellation);

    /// <summary>Deletes all rules.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <param name="Sets">The rows of the page.</param>
/// <param name="Count">All there are; null where that was not counted.</param>
/// <param name="HasNext">Whether another page follows.</param>
internal sealed record AuthzRulePage(IReadOnlyList<AuthzRuleSet> Sets, long? Count, bool HasNext);
