namespace Emqx.Broker.Modules.Bans;

/// <summary>What a ban looks at.</summary>
internal enum BanKind
{
    ClientId,
    Username,
    PeerHost,
    ClientIdPattern,
    UsernamePattern,
    PeerNetwork,
}

/// <summary>EMQX's names of the kinds.</summary>
internal static class BanKinds
{
    /// <summary>The names, indexed by the kind.</summary>
    public static readonly string[] Names = ["clientid", "username", "peerhost", "clientid_re", "username_re", "peerhost_net"];

    /// <summary>EMQX's name of the kind.</summary>
    public static string Name(this BanKind kind) => Names[(int)kind];

    /// <summary>The kind of that name.</summary>
    public static bool TryParse(string name, out BanKind kind)
    {
        var at = Array.IndexOf(Names, name);
        kind = (BanKind)Math.Max(at, 0);
        return at >= 0;
    }
}
