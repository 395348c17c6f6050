using System.Text;
using Emqx.Broker.Collections;
using Walk = Emqx.Broker.Collections.SortedChunks<Emqx.Broker.Clients.IClientView, string, Emqx.Broker.Clients.ClientOrder>.Walk;

namespace Emqx.Broker.Clients;

/// <summary>
/// A search for a part of the client id, or else of the user name, in the packed names of each chunk of clients, which are made when
/// they are first searched through. Whatever it finds is still to be checked against the whole filter.
/// </summary>
internal sealed class ClientSearch
{
    private readonly bool _byClientId;
    private readonly byte[] _part;

    private ClientSearch(bool byClientId, string part)
    {
        _byClientId = byClientId;
        _part = Encoding.UTF8.GetBytes(part);
    }

    /// <summary>The search that a filter asks for; null where it asks for none.</summary>
    public static ClientSearch? Of(ClientFilter filter) => filter switch
    {
        { ClientIds: null, LikeClientId.Length: > 0 } => new ClientSearch(byClientId: true, filter.LikeClientId),
        { Usernames: null, LikeUsername.Length: > 0 } => new ClientSearch(byClientId: false, filter.LikeUsername),
        _ => null,
    };

    /// <summary>Finds rows in the chunk that the walk has just taken.</summary>
    public PackedTexts.Hits Find(ReadOnlySpan<IClientView> rows, ref Walk walk)
    {
        var kept = walk.Digest as Names;
        var texts = _byClientId ? kept?.ClientIds : kept?.Usernames;
        if (texts is null)
        {
            texts = _byClientId ? PackedTexts.Pack<IClientView, ClientIdText>(rows) : PackedTexts.Pack<IClientView, UsernameText>(rows);
            walk.Keep(_byClientId ? new Names(texts, kept?.Usernames) : new Names(kept?.ClientIds, texts));
        }

        return texts.Find(_part);
    }

    private sealed record Names(PackedTexts? ClientIds, PackedTexts? Usernames);

    private readonly struct ClientIdText : IRowText<IClientView>
    {
        public static string? TextOf(IClientView row) => row.ClientId;
    }

    private readonly struct UsernameText : IRowText<IClientView>
    {
        public static string? TextOf(IClientView row) => row.Client.Username;
    }
}
