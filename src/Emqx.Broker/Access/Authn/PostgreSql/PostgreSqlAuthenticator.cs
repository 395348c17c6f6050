using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Sql;
using Emqx.Broker.Access.Sql;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Access.Authn.PostgreSql;

/// <summary>The authenticator <c>password_based:postgresql</c>: users in a table of PostgreSQL.</summary>
internal static class PostgreSqlAuthenticator
{
    private const string Mechanism = "password_based";

    public static readonly AuthenticatorType Type = new(Mechanism, PostgreSqlBackend.Name,
        SqlFields.Authenticator(Mechanism, PostgreSqlBackend.Name, SqlFields.RequiredUsername, SqlFields.WithoutPreparing),
        static (settings, services) => Create(new SettingsReader(settings), services));

    private static SqlAuthenticator Create(SettingsReader settings, IServiceProvider services) => new(
        PostgreSqlBackend.Create(settings, services),
        PostgreSqlBackend.Query(settings, TemplateNames.Authentication),
        PasswordAlgorithm.Of(settings.Part(SqlFields.Algorithm)),
        services.GetRequiredService<HashingThreads>());
}
