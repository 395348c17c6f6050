using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Who may not connect, why and for how long.</summary>
/// <param name="By">Who has made the ban.</param>
/// <param name="At">Unix seconds.</param>
/// <param name="Until">Unix seconds; null: for ever.</param>
internal sealed record Ban(BanTarget Target, string By, string Reason, long At, long? Until)
{
    /// <summary>Whether it has ended at <paramref name="now"/>, Unix seconds.</summary>
    public bool HasEnded(long now) => Until <= now;

    public StoredBan ToStored() => new(Target.Kind.Name(), Target.Who, By, Reason, At, Until);

    /// <summary>Null where storage holds something that this version cannot read.</summary>
    public static Ban? FromStored(StoredBan stored) =>
        BanWords.TryParse(stored.As, out var kind) && BanTarget.TryParse(kind, stored.Who, out var target, out _)
            ? new Ban(target, stored.By, stored.Reason, stored.At, stored.Until)
            : null;
}
