using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Broker.Modules.Bans;

/// <summary>The bans in backups. Those that have ended are left out.</summary>
internal sealed class BanBackup(BanList bans, TimeProvider time) : BackupTable<StoredBan>("banned", BackupRows.Default.StoredBan)
{
    protected override IEnumerable<StoredBan> Rows() => bans.Copy().Select(static ban => ban.ToStored());

    public override IReadOnlyList<string> MnesiaTables => ["emqx_banned", "emqx_banned_rules"];

    protected override StoredBan? FromMnesia(ErlangTerm.Tuple row) =>
        row.Items is [_, ErlangTerm.Tuple { Items: [ErlangTerm.Atom kind, var who] }, { Text: { } by }, { Text: { } reason }, ErlangTerm.Integer at, var until]
        && WhoOf(who) is { } name
            ? new(kind.Name, name, by, reason, at.Value, (until as ErlangTerm.Integer)?.Value)
            : null;

    /// <summary>A text; a pattern, behind its compiled form; an address; the first and last address of a network, with its length.</summary>
    private static string? WhoOf(ErlangTerm who) => who switch
    {
        ErlangTerm.Binary name => name.Text,
        ErlangTerm.Tuple { Items: [_, ErlangTerm.Binary pattern] } => pattern.Text,
        ErlangTerm.Tuple { Items: [{ Address: { } network }, { Address: not null }, ErlangTerm.Integer length] } => $"{network}/{length.Value}",
        { Address: { } address } => address.ToString(),
        _ => null,
    };

    protected override async ValueTask RestoreAsync(StoredBan row, CancellationToken cancellation)
    {
        var ban = Ban.FromStored(row) ?? throw new InvalidDataException($"{Name}: no ban: {row.As} {row.Who}");
        if (!ban.HasEnded(time.GetUtcNow().ToUnixTimeSeconds()))
            await bans.ReplaceAsync(ban, cancellation).ConfigureAwait(false);
    }
}
