namespace Emqx.Broker.Modules.Bans;

/// <summary>The bans of the cluster.</summary>
internal interface IBanDirectory
{
    /// <summary>A page of the bans that the filter selects, by kind and target.</summary>
    ValueTask<BanPage> ListAsync(BanFilter filter, int skip, int limit, CancellationToken cancellation);
}

/// <summary>Makes and lifts bans. What has been answered is on disk.</summary>
internal interface IBanControl
{
    /// <summary>Makes a ban. Not null: one of the same target is in force, and this is it.</summary>
    ValueTask<Ban?> CreateAsync(Ban ban, CancellationToken cancellation);

    /// <summary>Lifts the ban of that kind and target. False: there is none.</summary>
    ValueTask<bool> DeleteAsync(BanTarget target, CancellationToken cancellation);

    /// <summary>Lifts all bans.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>Which bans are wanted.</summary>
internal abstract record BanFilter
{
    /// <summary>Every ban.</summary>
    internal sealed record All : BanFilter;

    /// <summary>The ban of that kind and target.</summary>
    internal sealed record Exact(BanTarget Target) : BanFilter;

    /// <summary>Bans of the kinds in whose target the pattern is found.</summary>
    internal sealed record Like(IReadOnlyList<BanAs> Kinds, System.Text.RegularExpressions.Regex Pattern) : BanFilter;
}

/// <param name="Bans">The rows of the page.</param>
/// <param name="Count">All that the filter selects; null where that was not counted.</param>
/// <param name="HasNext">Whether another page follows.</param>
internal sealed record BanPage(IReadOnlyList<Ban> Bans, int? Count, bool HasNext);
