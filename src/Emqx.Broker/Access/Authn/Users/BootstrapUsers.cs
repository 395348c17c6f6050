using System.Collections.Concurrent;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>Reads the files of users that authenticators name: once for each entry as it is. What is wrong with one is logged, as in EMQX.</summary>
internal sealed class BootstrapUsers(HashingThreads threads, ConfigPaths paths, ILogger<BootstrapUsers> logger)
{
    private readonly ConcurrentDictionary<string, ConfigObject> _read = new(StringComparer.Ordinal);

    /// <summary>Takes over the users of the entry's file, unless that was done for an entry that is the same.</summary>
    public async ValueTask ReadAsync(string id, ConfigObject entry, AuthnUserForm form, AuthnUserSet users, CancellationToken cancellation)
    {
        if (_read.TryGetValue(id, out var known) && known.Equals(entry))
            return;
        var settings = new SettingsReader(entry);
        if (form.FileOf(settings) is { } told && paths.ExpandFile(told.Name) is { } path)
            await ReadAsync(id, path, () => MadeAsync(path, told.Type), users, cancellation).ConfigureAwait(false);
        _read[id] = entry;

        async ValueTask<IReadOnlyList<AuthnUser>> MadeAsync(string name, UserFileType type)
        {
            var file = new UserFile(name, type, await ContentAsync(name, cancellation).ConfigureAwait(false));
            return await form.MakeAsync(settings, file, threads, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The authenticator is gone or changes: its file is read again.</summary>
    public void Forget(string id) => _read.TryRemove(id, out _);

    private async ValueTask ReadAsync(string id, string path, Func<ValueTask<IReadOnlyList<AuthnUser>>> make, AuthnUserSet users, CancellationToken cancellation)
    {
        try
        {
            var made = await make().ConfigureAwait(false);
            var count = await users.ImportAsync(made, overrides: false, cancellation).ConfigureAwait(false);
            AccessLog.BootstrapRead(logger, id, path, count.Success, count.Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or ArgumentException)
        {
            AccessLog.BootstrapFailed(logger, id, path, error.Message);
        }
    }

    /// <summary>All of the file. One that has no end is none.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> ContentAsync(string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        var content = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (await file.ReadAsync(piece, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (content.Length + count > UserFile.MostBytes)
                throw new InvalidDataException($"more than {UserFile.MostBytes} bytes");
            content.Write(piece, 0, count);
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
