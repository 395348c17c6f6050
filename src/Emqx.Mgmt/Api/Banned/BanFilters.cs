using Emqx.Broker.Modules.Bans;

namespace Emqx.Mgmt.Api.Banned;

/// <summary>From the query string to what the directory of bans is asked.</summary>
internal static class BanFilters
{
    /// <summary>The filter, or what is wrong with the query.</summary>
    public static (BanFilter? Filter, string? Error) Parse(BanQuery query)
    {
        return Array.FindIndex(query.Filters, value => value is not null) switch
        {
            < 0 => (new BanFilter.All(), null),
            0 => Exact(BanAs.Clientid, query.Clientid!),
            1 => Exact(BanAs.Username, query.Username!),
            2 => Exact(BanAs.Peerhost, query.Peerhost!),
            3 => Like(query.LikeClientid!, BanAs.Clientid, BanAs.ClientidRe),
            4 => Like(query.LikeUsername!, BanAs.Username, BanAs.UsernameRe),
            5 => Like(query.LikePeerhost!, BanAs.Peerhost),
            _ => Like(query.LikePeerhostNet!, BanAs.PeerhostNet),
        };
    }

    private static (BanFilter?, string?) Exact(BanAs kind, string who) =>
        BanTarget.TryParse(kind, who, out var target, out var error) ? (new BanFilter.Exact(target), null) : (null, error);

    private static (BanFilter?, string?) Like(string pattern, params BanAs[] kinds)
    {
        try
        {
            return (new BanFilter.Like(kinds, BanTarget.CompilePattern(pattern)), null);
        }
        catch (ArgumentException)
        {
            return (null, $"bad pattern {pattern}");
        }
    }
}
