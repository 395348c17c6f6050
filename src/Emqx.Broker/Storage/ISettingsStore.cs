namespace Emqx.Broker.Storage;

/// <summary>Keeps what the API changed in the configuration: one JSON text a root.</summary>
internal interface ISettingsStore
{
    /// <summary>The roots ever changed and their text as the request named it.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation);

    /// <summary>Writes these roots in one step: all or none. A null removes the root. A completed task means that they are on disk.</summary>
    ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation);
}
