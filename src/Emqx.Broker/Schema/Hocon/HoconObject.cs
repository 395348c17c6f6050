using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>An object while its text is read: fields come one by one, and a value is made of them once.</summary>
internal sealed class HoconObject
{
    /// <summary>From how many fields on a search goes by an index.</summary>
    private const int Many = 16;

    private KeyValuePair<string, object>[] _fields = [];
    private Dictionary<string, int>? _index;
    private int _count;

    /// <summary>The object of that name, made where there is none; anything else that stood there is gone.</summary>
    public HoconObject Enter(string name)
    {
        var at = IndexOf(name);
        if (at >= 0 && _fields[at].Value is HoconObject there)
            return there;
        var inner = new HoconObject();
        if (at >= 0 && _fields[at].Value is ConfigObject made)
            inner.Merge(made);
        Put(at, name, inner);
        return inner;
    }

    /// <summary>Sets a field; an object is merged into the one that stands there.</summary>
    public void Set(string name, ConfigValue value)
    {
        var at = IndexOf(name);
        if (value is ConfigObject upper && at >= 0 && _fields[at].Value is HoconObject or ConfigObject)
            Enter(name).Merge(upper);
        else
            Put(at, name, value);
    }

    public void Merge(ConfigObject upper)
    {
        foreach (var (name, value) in upper.Fields)
            Set(name, value);
    }

    /// <summary>The value at the path as it is now; null where there is none.</summary>
    public ConfigValue? Find(ReadOnlySpan<string> path)
    {
        var at = this;
        for (var i = 0; i < path.Length; i++)
        {
            var index = at.IndexOf(path[i]);
            if (index < 0)
                return null;
            switch (at._fields[index].Value)
            {
                case HoconObject inner:
                    at = inner;
                    break;
                case ConfigObject made:
                    return made.Find(path[(i + 1)..]);
                case var other:
                    return i == path.Length - 1 ? (ConfigValue)other : null;
            }
        }

        return at.Made();
    }

    /// <summary>The value of what has come so far.</summary>
    public ConfigObject Made()
    {
        if (_count == 0)
            return ConfigObject.Empty;
        var fields = new KeyValuePair<string, ConfigValue>[_count];
        for (var i = 0; i < _count; i++)
            fields[i] = new(_fields[i].Key, _fields[i].Value is HoconObject inner ? inner.Made() : (ConfigValue)_fields[i].Value);
        return new(fields, _count);
    }

    private void Put(int at, string name, object value)
    {
        if (at < 0)
        {
            if (_count == _fields.Length)
                Array.Resize(ref _fields, Math.Max(_count * 2, 2));
            at = _count++;
            _index?.Add(name, at);
        }

        _fields[at] = new(name, value);
    }

    private int IndexOf(string name)
    {
        if (_count >= Many)
            return (_index ??= Indexed()).GetValueOrDefault(name, -1);
        for (var i = 0; i < _count; i++)
        {
            if (_fields[i].Key == name)
                return i;
        }

        return -1;
    }

    private Dictionary<string, int> Indexed()
    {
        var index = new Dictionary<string, int>(_count * 2, StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
            index.Add(_fields[i].Key, i);
        return index;
    }
}
