using System.Collections;

namespace Emqx.Broker.Schema.Tree;

/// <summary>Named values in the order in which they were written; the order does not count for equality.</summary>
internal sealed class ConfigObject : ConfigValue, IReadOnlyCollection<KeyValuePair<string, ConfigValue>>
{
    public static readonly ConfigObject Empty = new([]);

    private readonly OrderedDictionary<string, ConfigValue> _fields;

    /// <summary>Takes the dictionary over: the caller does not change it any more.</summary>
    public ConfigObject(OrderedDictionary<string, ConfigValue> fields) => _fields = fields;

    public int Count => _fields.Count;

    /// <summary>The value of that name; null where there is none.</summary>
    public ConfigValue? this[string name] => _fields.TryGetValue(name, out var value) ? value : null;

    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>The value at a path of names; null where there is none.</summary>
    public ConfigValue? Find(ReadOnlySpan<string> path)
    {
        ConfigValue? at = this;
        foreach (var name in path)
            at = (at as ConfigObject)?[name];
        return at;
    }

    public ConfigObject With(string name, ConfigValue value) =>
        new(new OrderedDictionary<string, ConfigValue>(_fields) { [name] = value });

    public ConfigObject Without(string name)
    {
        if (!_fields.ContainsKey(name))
            return this;
        var fields = new OrderedDictionary<string, ConfigValue>(_fields);
        fields.Remove(name);
        return new(fields);
    }

    /// <summary>
    /// Both together; where both have a value the upper one wins, objects are merged field by field.
    /// </summary>
    public ConfigObject MergedWith(ConfigObject upper)
    {
        if (upper.Count == 0)
            return this;
        if (Count == 0)
            return upper;
        var fields = new OrderedDictionary<string, ConfigValue>(_fields);
        foreach (var (name, value) in upper)
        {
            fields[name] = fields.TryGetValue(name, out var below) && below is ConfigObject lower && value is ConfigObject over
                ? lower.MergedWith(over)
                : value;
        }

        return new(fields);
    }

    public override bool Equals(ConfigValue? other)
    {
        if (other is not ConfigObject that || that.Count != Count)
            return false;
        foreach (var (name, value) in _fields)
        {
            if (that[name] is not { } theirs || !value.Equals(theirs))
                return false;
        }

        return true;
    }

    public override int GetHashCode() => Count;

    public IEnumerator<KeyValuePair<string, ConfigValue>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
