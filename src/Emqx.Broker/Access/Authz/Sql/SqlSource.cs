using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Access.Sql;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Drivers.Sql;

namespace Emqx.Broker.Access.Authz.Sql;

/// <summary>
/// Asks a database for the rules of a client: a row is a rule, and the first that matches decides. A row that is none is passed over; queries that are not
/// answered say nothing: the next source is asked.
/// </summary>
internal sealed class SqlSource(SqlBackend backend, SqlTemplate query) : IAuthzSource, IBackedEntry
{
    /// <summary>EMQX's names of the columns that count.</summary>
    private static readonly string[] s_columns = ["permission", "action", "topic", "qos", "retain"];

    public IAccessBackend Asked => backend;

    public async ValueTask<AuthzVerdict> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation)
    {
        if (await backend.AskAsync(query, new(request.Client), cancellation).ConfigureAwait(false) is not { } rows)
            return AuthzVerdict.NoMatch;
        for (var i = 0; i < rows.Rows.Count; i++)
        {
            if (!AuthzRuleReader.TryRead(RowOf(rows, i), out var rule, out var problem))
                backend.TellWrongRow(problem);
            else if (rule.Check(request) is var verdict and not AuthzVerdict.NoMatch)
                return verdict;
        }

        return AuthzVerdict.NoMatch;
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    private static ConfigObject RowOf(SqlRows rows, int row)
    {
        var fields = new OrderedDictionary<string, ConfigValue>(s_columns.Length, StringComparer.Ordinal);
        foreach (var column in s_columns)
        {
            if (SqlValues.Find(rows, row, column) is { } value)
                fields[column] = value;
        }

        return new(fields);
    }
}
