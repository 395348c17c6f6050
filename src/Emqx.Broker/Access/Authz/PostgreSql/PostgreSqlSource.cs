using Emqx.Broker.Access.Authz.Sql;
using Emqx.Broker.Access.Sql;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authz.PostgreSql;

/// <summary>The source <c>postgresql</c>: rules in a table of PostgreSQL.</summary>
internal static class PostgreSqlSource
{
    public static readonly AuthzSourceType Type = new(PostgreSqlBackend.Name,
        SqlFields.Source(PostgreSqlBackend.Name, SqlFields.RequiredUsername, SqlFields.WithoutPreparing),
        static (settings, services) => Create(new SettingsReader(settings), services));

    private static SqlSource Create(SettingsReader settings, IServiceProvider services) =>
        new(PostgreSqlBackend.Create(settings, services), PostgreSqlBackend.Query(settings, TemplateNames.Rules));
}
