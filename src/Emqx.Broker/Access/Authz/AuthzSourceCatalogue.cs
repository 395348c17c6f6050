using Emqx.Broker.Access.Authz.AclFile;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Access.Authz.Http;
using Emqx.Broker.Access.Authz.PostgreSql;
using Emqx.Broker.Access.Authz.Redis;
using Emqx.Broker.Collections;

namespace Emqx.Broker.Access.Authz;

/// <summary>The authorization sources that there are: a folder here and a line below for each.</summary>
internal sealed class AuthzSourceCatalogue(params IEnumerable<AuthzSourceType> types) : Catalogue<AuthzSourceType>(types, type => type.Type)
{
    public static readonly AuthzSourceCatalogue All = new(
        AclFileSource.Type,
        BuiltInSource.Type,
        PostgreSqlSource.Type,
        RedisSource.Type,
        HttpSource.Type);
}
