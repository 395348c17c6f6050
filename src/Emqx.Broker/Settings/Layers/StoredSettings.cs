using Emqx.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Settings.Layers;

/// <summary>The one writer of the configuration: a change is stored, one row a root, before it takes effect.</summary>
internal sealed class StoredSettings(RunningConfiguration running, ISettingsStore store, ILogger<StoredSettings> log) : ISettingsControl, IDisposable
{
    private readonly OneAtATime _changes = new();

    public async ValueTask<T> ChangeAsync<T>(Func<PresentSettings, ValueTask<SettingsProposal<T>>> change, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        var stored = await store.LoadAsync(cancellation);
        var (changes, answer) = await change(new PresentSettings(running, stored));
        await ApplyAsync([.. changes.Where(one => !one.Checked.Equals(running.Value(one.Root)))], stored);
        return answer;
    }

    /// <summary>Not to be cancelled: what is stored must be in force, too.</summary>
    private async ValueTask ApplyAsync(IReadOnlyList<SettingsChange> changes, IReadOnlyDictionary<string, string> stored)
    {
        if (changes.Count == 0)
            return;
        var rows = new Dictionary<string, string?>();
        foreach (var change in changes)
        {
            foreach (var key in stored.Keys.Where(key => StoredLayer.IsOf(change.Root, key)))
                rows[key] = null;
            rows[change.Root] = change.Requested.ToString();
        }

        await store.SaveAsync(rows, CancellationToken.None);
        running.Replace(changes.ToDictionary(change => change.Root, change => change.Checked));
        foreach (var change in changes)
            Tell(change.Root);
    }

    public void Dispose() => _changes.Dispose();

    private void Tell(string root)
    {
        log.Changed(root);
        if (running.WinsAtStart(root))
            log.WinsAtStart(root);
    }
}

/// <summary>What the log says of changes of the configuration.</summary>
internal static partial class StoredSettingsLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration changed: {Root}")]
    public static partial void Changed(this ILogger log, string root);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration file or a variable sets {Root} too, and wins again at the next start")]
    public static partial void WinsAtStart(this ILogger log, string root);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void ConfigurationWarning(this ILogger log, string warning);
}
