using System.Globalization;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>
/// What the environment sets: <c>EMQX_ROOT__FIELD__…=value</c>. Names in any case, array items by number from 1, values
/// as HOCON or plain text.
/// </summary>
internal sealed class EnvironmentLayer
{
    private const string Prefix = "EMQX_";

    private readonly List<(string Variable, string[] Path, ConfigValue Value)> _values = [];
    private readonly List<string> _unknown = [];

    /// <param name="catalogue">What may be set.</param>
    /// <param name="variables">The environment, without an order.</param>
    public EnvironmentLayer(SettingsCatalogue catalogue, IEnumerable<KeyValuePair<string, string>> variables)
    {
        foreach (var (variable, text) in variables.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var path = variable[Prefix.Length..].ToLowerInvariant().Split("__", StringSplitOptions.RemoveEmptyEntries);
            if (path.Length == 0 || catalogue.KindOf(path[0]) is null)
                continue;
            if (path.Length <= HoconBudget.MaximumDepth && catalogue.KindAt(path) is { } kind)
                _values.Add((variable, Canonical(catalogue, path), kind.Canonical(HoconParser.ParseValue(text))));
            else
                _unknown.Add(variable);
        }
    }

    /// <summary>Variables whose root is known and whose field is not.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Whether a variable sets something in that root, or in that part of it.</summary>
    public bool Sets(params ReadOnlySpan<string> path)
    {
        foreach (var (_, set, _) in _values)
        {
            if (path.StartsWith(set) || set.AsSpan().StartsWith(path))
                return true;
        }

        return false;
    }

    /// <summary>The configuration with this layer on top. Adds to the failures where an array has no such item.</summary>
    public ConfigObject ApplyTo(ConfigObject configuration, List<string> failures)
    {
        foreach (var (variable, path, value) in _values)
        {
            if (Put(configuration, path, value) is ConfigObject changed)
                configuration = changed;
            else
                failures.Add($"bad_array_index from {variable}");
        }

        return configuration;
    }

    /// <summary>The path with the names of today.</summary>
    private static string[] Canonical(SettingsCatalogue catalogue, string[] path)
    {
        var marker = new ConfigText("");
        ConfigValue value = marker;
        for (var i = path.Length - 1; i >= 0; i--)
            value = new ConfigObject(new() { [path[i]] = value });
        var canonical = new List<string>();
        return Reach(catalogue.Canonical((ConfigObject)value), marker, canonical) ? [.. canonical] : path;
    }

    /// <summary>Finds the way to a value.</summary>
    private static bool Reach(ConfigValue at, ConfigText marker, List<string> way)
    {
        foreach (var (name, inner) in at is ConfigObject fields ? fields.Fields : [])
        {
            way.Add(name);
            if (ReferenceEquals(inner, marker) || Reach(inner, marker, way))
                return true;
            way.RemoveAt(way.Count - 1);
        }

        return false;
    }

    /// <summary>The value with another one at the path; null where the path names an item far behind an array's end.</summary>
    private static ConfigValue? Put(ConfigValue? at, ReadOnlySpan<string> path, ConfigValue value)
    {
        if (path.IsEmpty)
            return at is ConfigObject lower && value is ConfigObject upper ? lower.MergedWith(upper) : value;
        if (int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && at is ConfigArray or null && index > 0)
            return PutItem(at as ConfigArray ?? ConfigArray.Empty, index, path[1..], value);
        var fields = at as ConfigObject ?? ConfigObject.Empty;
        return Put(fields[path[0]], path[1..], value) is { } changed ? fields.With(path[0], changed) : null;
    }

    private static ConfigArray? PutItem(ConfigArray array, int index, ReadOnlySpan<string> path, ConfigValue value)
    {
        if (index > array.Items.Count + 1)
            return null;
        if (Put(index <= array.Items.Count ? array.Items[index - 1] : null, path, value) is not { } changed)
            return null;
        var items = new List<ConfigValue>(array.Items);
        if (index > items.Count)
            items.Add(changed);
        else
            items[index - 1] = changed;
        return new(items);
    }
}
