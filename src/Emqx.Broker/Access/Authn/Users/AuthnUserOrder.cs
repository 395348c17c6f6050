using Emqx.Broker.Collections;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>Users from the last id to the first, as EMQX lists them.</summary>
internal readonly struct AuthnUserOrder : IRowOrder<AuthnUser, string>
{
    public static string KeyOf(AuthnUser row) => row.Id;

    public static int Compare(in string key, AuthnUser row) => Utf8Order.Compare(row.Id, key);
}
