using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Emqx.Broker.Settings.Roots;
using Emqx.Drivers.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Sql;

/// <summary>What is PostgreSQL's own of a database that is asked.</summary>
internal static class PostgreSqlBackend
{
    /// <summary>EMQX's name of it.</summary>
    public const string Name = "postgresql";

    private const int Port = 5432;

    /// <summary>What asks the database of settings that were checked.</summary>
    public static SqlBackend Create(SettingsReader settings, IServiceProvider services) => new(
        SqlFields.Read(settings, Port, services.GetRequiredService<ConfigPaths>()),
        static reached => new PostgreSqlDatabase(reached.ToAddress()),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<SqlBackend>>());

    /// <summary>The query of settings that were checked: its places are <c>$1</c>, <c>$2</c>.</summary>
    public static SqlTemplate Query(SettingsReader settings, TemplateNames names) => new(settings.Text(SqlFields.Query), names, static number => $"${number}");
}
