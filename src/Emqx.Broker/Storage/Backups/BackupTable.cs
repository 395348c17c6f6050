using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Broker.Storage.Backups;

/// <summary>A table set whose rows are records.</summary>
internal abstract class BackupTable<TRow>(string name, JsonTypeInfo<TRow> form) : IBackupTable
    where TRow : class
{
    public string Name => name;

    public IEnumerable<byte[]> Export() => Rows().Select(row => JsonSerializer.SerializeToUtf8Bytes(row, form));

    public virtual async ValueTask ImportAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation)
    {
        foreach (var row in rows)
            await RestoreAsync(Read(row), cancellation).ConfigureAwait(false);
    }

    public virtual IReadOnlyList<string> MnesiaTables => [];

    public virtual async ValueTask ImportAsync(ErlangTerm.Tuple row, CancellationToken cancellation) =>
        await RestoreAsync(FromMnesia(row) ?? throw Unreadable(), cancellation).ConfigureAwait(false);

    /// <summary>A row of one of <see cref="MnesiaTables"/>; null where it is of another form than is known.</summary>
    protected virtual TRow? FromMnesia(ErlangTerm.Tuple row) => null;

    /// <summary>Every row as it is now.</summary>
    protected abstract IEnumerable<TRow> Rows();

    /// <summary>Puts a row in place of the one of its key.</summary>
    protected abstract ValueTask RestoreAsync(TRow row, CancellationToken cancellation);

    /// <summary>Reads a row that was exported.</summary>
    protected TRow Read(byte[] row)
    {
        try
        {
            return JsonSerializer.Deserialize(row, form) ?? throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    private InvalidDataException Unreadable() => new($"{name}: unreadable row");
}

/// <summary>A row that is kept as one block of bytes.</summary>
internal sealed record PackedRow(byte[] Bytes);

/// <summary>Rows of backups as JSON. A field that is missing makes a row unreadable.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredBan))]
[JsonSerializable(typeof(StoredAuthnUser))]
[JsonSerializable(typeof(StoredApiKey))]
[JsonSerializable(typeof(StoredAuthzRules))]
[JsonSerializable(typeof(StoredDelayedMessage))]
[JsonSerializable(typeof(StoredUser))]
[JsonSerializable(typeof(PackedRow))]
internal sealed partial class BackupRows : JsonSerializerContext;
