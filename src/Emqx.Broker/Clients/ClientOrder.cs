using Emqx.Broker.Collections;

namespace Emqx.Broker.Clients;

/// <summary>EMQX's order of clients: descending by the bytes of the client id.</summary>
internal readonly struct ClientOrder : IRowOrder<IClientView, string>
{
    public static string KeyOf(IClientView row) => row.ClientId;

    public static int Compare(in string key, IClientView row) => Utf8Order.Compare(row.ClientId, key);
}
