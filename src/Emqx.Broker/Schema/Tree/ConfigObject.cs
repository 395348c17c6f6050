using System.Collections;

namespace Emqx.Broker.Schema.Tree;

/// <summary>Named values in the order in which they were written; the order does not count for equality.</summary>
internal sealed class ConfigObject : ConfigValue, IReadOnlyCollection<KeyValuePair<string, ConfigValue>>
{
    public static readonly ConfigObject Empty = new([], 0);

    /// <summary>From how many fields on a search goes by an index.</summary>
    private const int Many = 12;

    private readonly KeyValuePair<string, ConfigValue>[] _fields;
    private Dictionary<string, int>? _index;

    public ConfigObject(OrderedDictionary<string, ConfigValue> fields)
    {
        _fields = [.. fields];
        Count = _fields.Length;
    }

    /// <summary>Takes the first of the fields over: the caller does not change them any more. No name is there twice.</summary>
    public ConfigObject(KeyValuePair<string, ConfigValue>[] fields, int count)
    {
        _fields = fields;
        Count = count;
    }

    public int Count { get; }

    /// <summary>The value of that name; null where there is none.</summary>
    public ConfigValue? this[string name]
    {
        get
        {
            var at = IndexOf(name);
            return at < 0 ? null : _fields[at].Value;
        }
    }

    public IEnumerable<string> Names => this.Select(static one => one.Key);

    /// <summary>The fields, without a copy.</summary>
    public ReadOnlySpan<KeyValuePair<string, ConfigValue>> Fields => _fields.AsSpan(0, Count);

    /// <summary>The value at a path of names; null where there is none.</summary>
    public ConfigValue? Find(ReadOnlySpan<string> path)
    {
        ConfigValue? at = this;
        foreach (var name in path)
            at = (at as ConfigObject)?[name];
        return at;
    }

    public ConfigObject With(string name, ConfigValue value)
    {
        var at = IndexOf(name);
        var fields = new KeyValuePair<string, ConfigValue>[at < 0 ? Count + 1 : Count];
        Fields.CopyTo(fields);
        fields[at < 0 ? Count : at] = new(name, value);
        return new(fields, fields.Length);
    }

    public ConfigObject Without(string name)
    {
        var at = IndexOf(name);
        if (at < 0)
            return this;
        var fields = new KeyValuePair<string, ConfigValue>[Count - 1];
        Fields[..at].CopyTo(fields);
        Fields[(at + 1)..].CopyTo(fields.AsSpan(at));
        return new(fields, fields.Length);
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
        var fields = new KeyValuePair<string, ConfigValue>[Count + upper.Count];
        Fields.CopyTo(fields);
        var count = Count;
        foreach (var (name, value) in upper.Fields)
        {
            var at = IndexOf(name);
            if (at < 0)
                fields[count++] = new(name, value);
            else
                fields[at] = new(name, fields[at].Value is ConfigObject lower && value is ConfigObject over ? lower.MergedWith(over) : value);
        }

        return new(fields, count);
    }

    public override bool Equals(ConfigValue? other)
    {
        if (other is not ConfigObject that || that.Count != Count)
            return false;
        foreach (var (name, value) in Fields)
        {
            if (that[name] is not { } theirs || !value.Equals(theirs))
                return false;
        }

        return true;
    }

    public override int GetHashCode()
    {
        var sum = Count; // whatever their order
        foreach (var (name, value) in Fields)
            sum += HashCode.Combine(name, value);
        return sum;
    }

    public IEnumerator<KeyValuePair<string, ConfigValue>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return _fields[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        if (Count >= Many)
            return (_index ??= Indexed()).GetValueOrDefault(name, -1);
        var fields = Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Key == name)
                return i;
        }

        return -1;
    }

    private Dictionary<string, int> Indexed()
    {
        var index = new Dictionary<string, int>(Count, StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
            index.Add(_fields[i].Key, i);
        return index;
    }
}
