using System.Text.Json;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>
/// The layer that the API writes: JSON texts by root. Data of older versions have listeners one by one, by path
/// ("listeners.tcp.default"): read here, and gone when their root is written.
/// </summary>
internal static class StoredLayer
{
    public static ConfigObject Read(IEnumerable<KeyValuePair<string, string>> stored, List<string> failures)
    {
        var layer = ConfigObject.Empty;
        foreach (var (path, text) in stored.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            try
            {
                var value = ConfigJson.Parse(text);
                var names = path.Split('.', 3);
                for (var i = names.Length - 1; i >= 0; i--)
                    value = new ConfigObject(new() { [names[i]] = value });
                layer = layer.MergedWith((ConfigObject)value);
            }
            catch (JsonException e)
            {
                failures.Add($"{path}: the stored value cannot be read: {e.Message}");
            }
        }

        return layer;
    }

    /// <summary>Whether what is stored under the key belongs to the root.</summary>
    public static bool IsOf(string root, string key) =>
        key.StartsWith(root, StringComparison.Ordinal) && (key.Length == root.Length || key[root.Length] == '.');
}
