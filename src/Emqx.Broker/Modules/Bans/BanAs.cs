using System.Text.Json;

namespace Emqx.Broker.Modules.Bans;

/// <summary>What a ban looks at. EMQX's words for it are the members' names in snake case.</summary>
internal enum BanAs
{
    Clientid,
    Username,
    Peerhost,
    ClientidRe,
    UsernameRe,
    PeerhostNet,
}

/// <summary>EMQX's words for <see cref="BanAs"/>.</summary>
internal static class BanWords
{
    private static readonly Dictionary<BanAs, string> s_words =
        Enum.GetValues<BanAs>().ToDictionary(static one => one, static one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()));

    /// <summary>EMQX's word.</summary>
    public static string Name(this BanAs one) => s_words[one];

    /// <summary>What that word stands for.</summary>
    public static bool TryParse(string word, out BanAs one)
    {
        foreach (var (known, text) in s_words)
        {
            one = known;
            if (text == word)
                return true;
        }

        one = default;
        return false;
    }
}
