using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Authorization rules in SQLite.</summary>
internal sealed class SqliteAuthzRuleStore(SqliteWriter writer) : IAuthzRuleStore
{
    public async ValueTask<IReadOnlyList<StoredAuthzRules>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT kind, who, rules FROM authz_rules", row => new StoredAuthzRules(row.GetString(0), row.GetString(1), row.GetString(2))), cancellation);

    public ValueTask SaveAsync(IReadOnlyCollection<StoredAuthzRules> rules, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        foreach (var one in rules)
            session.Execute("INSERT OR REPLACE INTO authz_rules (kind, who, rules) VALUES ($1, $2, $3)", one.Kind, one.Who, one.Rules);
    }, cancellation);

    public ValueTask DeleteAsync(string kind, string who, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM authz_rules WHERE kind = $1 AND who = $2", kind, who), cancellation);

    public ValueTask ClearAsync(CancellationToken cancellation) => writer.WriteAsync(session => session.Execute("DELETE FROM authz_rules"), cancellation);
}
