namespace Emqx.Broker.Schema.Tree;

/// <summary>Collects the fields of an object as they are read; of a repeated name the last counts.</summary>
internal struct ObjectBuilder
{
    private const int Many = 16;

    private KeyValuePair<string, ConfigValue>[]? _fields;
    private Dictionary<string, int>? _index;
    private int _count;

    public void Add(string name, ConfigValue value)
    {
        var at = IndexOf(name);
        if (at >= 0)
        {
            _fields![at] = new(name, value);
            return;
        }

        _fields ??= new KeyValuePair<string, ConfigValue>[4];
        if (_count == _fields.Length)
            Array.Resize(ref _fields, _count * 2);
        _index?.Add(name, _count);
        _fields[_count++] = new(name, value);
    }

    /// <summary>The object; nothing is added after it.</summary>
    public readonly ConfigObject Build() => _fields is null ? ConfigObject.Empty : new(_fields, _count);

    private int IndexOf(string name)
    {
        if (_count >= Many)
            return (_index ??= Indexed()).GetValueOrDefault(name, -1);
        for (var i = 0; i < _count; i++)
        {
            if (_fields![i].Key == name)
                return i;
        }

        return -1;
    }

    private readonly Dictionary<string, int> Indexed()
    {
        var index = new Dictionary<string, int>(_count * 2, StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
            index.Add(_fields![i].Key, i);
        return index;
    }
}
