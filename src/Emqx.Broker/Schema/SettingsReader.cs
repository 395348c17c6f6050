using System.Net;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Schema.Values;

namespace Emqx.Broker.Schema;

/// <summary>Reads the fields of a checked object as .NET values; infinity and disabled read as -1.</summary>
internal readonly struct SettingsReader(ConfigObject fields)
{
    public bool Has(string name) => fields[name] is not (null or ConfigNull);

    public bool Flag(string name) => fields[name] is ConfigBoolean { Value: true };

    public string Text(string name) => fields[name] switch
    {
        ConfigText text => text.Text,
        ConfigNumber number => number.Text,
        ConfigBoolean boolean => boolean.Value ? "true" : "false",
        _ => "",
    };

    public long Long(string name) => fields[name] is ConfigNumber number && number.TryGetInteger(out var value) ? value : -1;

    /// <summary>As <see cref="Long"/>, at most <see cref="int.MaxValue"/>.</summary>
    public int Int(string name) => (int)Math.Min(Long(name), int.MaxValue);

    public double Number(string name) => fields[name] is ConfigNumber number && number.TryGetNumber(out var value) ? value : -1;

    public long Milliseconds(string name) => fields[name] is { } value && DurationKind.TryRead(value, out var milliseconds) ? milliseconds : -1;

    public long Bytes(string name) => fields[name] is { } value && ByteSizeKind.TryRead(value, out var bytes) ? bytes : -1;

    /// <summary>From 0 to 1.</summary>
    public double Fraction(string name) => Percent.TryParse(Text(name), out var fraction) ? fraction : -1;

    /// <summary>A second.</summary>
    public double Rate(string name) => Values.Rate.TryParse(Text(name), out var rate) ? rate : -1;

    public IPEndPoint Bind(string name) => BindAddress.TryParse(Text(name), out var endPoint, out _) ? endPoint : new(IPAddress.Any, 0);

    public IReadOnlyList<string> Texts(string name) => fields[name] is ConfigArray array
        ? [.. array.Items.OfType<ConfigText>().Select(item => item.Text)]
        : [.. Text(name).Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)];

    public IReadOnlyList<SettingsReader> Items(string name) => fields[name] is ConfigArray array
        ? [.. array.Items.OfType<ConfigObject>().Select(item => new SettingsReader(item))]
        : [];

    public SettingsReader Part(string name) => new(fields[name] as ConfigObject ?? ConfigObject.Empty);

    /// <summary>The object at that name; null where there is none.</summary>
    public ConfigObject? Object(string name) => fields[name] as ConfigObject;
}
