using Emqx.Broker.Access.Authn.BuiltIn;
using Emqx.Broker.Access.Authn.Http;
using Emqx.Broker.Access.Authn.Jwt;
using Emqx.Broker.Access.Authn.PostgreSql;
using Emqx.Broker.Access.Authn.Redis;
using Emqx.Broker.Access.Authn.Scram;
using Emqx.Broker.Collections;

namespace Emqx.Broker.Access.Authn;

/// <summary>The authenticators that there are: a folder here and a line below for each.</summary>
internal sealed class AuthenticatorCatalogue(params IEnumerable<AuthenticatorType> types) : Catalogue<AuthenticatorType>(types, type => type.Id)
{
    public static readonly AuthenticatorCatalogue All = new(
        BuiltInDatabase.Type,
        ScramDatabase.Type,
        PostgreSqlAuthenticator.Type,
        HttpAuthenticator.Type,
        RedisAuthenticator.Type,
        JwtType.Type);
}
