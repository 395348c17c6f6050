using System.Text;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema.Hocon;

/// <summary>Values that stand on one line: texts end to end, objects merged, lists one after the other.</summary>
internal sealed class HoconJoin
{
    private ConfigValue? _alone;
    private StringBuilder? _text;
    private List<ConfigValue>? _items;
    private HoconObject? _fields;

    /// <summary>The first one, or what it became an object with.</summary>
    public HoconJoin(ConfigValue? first) => _alone = first;

    public HoconJoin(HoconObject fields) => _fields = fields;

    /// <summary>Nothing can follow.</summary>
    public bool IsClosed => IsWhole(_alone);

    /// <summary>A value beside which no other can stand.</summary>
    public static bool IsWhole(ConfigValue? value) => value is ConfigNumber or ConfigBoolean or ConfigNull;

    /// <summary>Adds a value, null for none; false where it does not go with what is there.</summary>
    /// <param name="glued">Nothing stands between the two.</param>
    public bool Add(ConfigValue? next, bool glued)
    {
        if (next is null)
            return true;
        if (_alone is null && _text is null && _items is null && _fields is null)
        {
            _alone = next;
            return true;
        }

        Open();
        switch (next)
        {
            case ConfigText text when _text is not null:
                _text.Append(glued ? "" : " ").Append(text.Text);
                return true;
            case ConfigArray array when _items is not null:
                _items.AddRange(array.Items);
                return true;
            case ConfigObject fields when _fields is not null:
                _fields.Merge(fields);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What they come to; null where there was none.</summary>
    public ConfigValue? Made() => _alone ?? (_text is not null ? _text.ToString() : _items is not null ? new ConfigArray(_items) : _fields?.Made());

    /// <summary>Makes what is alone into something that grows.</summary>
    private void Open()
    {
        switch (_alone)
        {
            case ConfigText text:
                _text = new StringBuilder(text.Text);
                break;
            case ConfigArray array:
                _items = [.. array.Items];
                break;
            case ConfigObject fields:
                _fields = new HoconObject();
                _fields.Merge(fields);
                break;
        }

        _alone = null;
    }
}
