using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Settings.Layers;

/// <summary>The layer of the configuration that the API writes: stored by root, before it takes effect.</summary>
internal sealed class StoredSettings(RunningConfiguration running, ISettingsStore store, ILogger<StoredSettings> log) : ISettingsControl, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public async ValueTask ApplyAsync(IReadOnlyList<SettingsChange> changes, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var stored = new Dictionary<string, string?>();
            var changed = new Dictionary<string, ConfigValue>();
            foreach (var change in changes)
            {
                if (change.Checked.Equals(running.Value(change.Root)))
                    continue;
                stored[change.Root] = change.Requested.ToString();
                changed[change.Root] = change.Checked;
            }

            if (changed.Count == 0)
                return;
            await store.SaveAsync(stored, cancellation);
            running.Replace(changed);
            foreach (var root in changed.Keys)
                Tell(root);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

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
