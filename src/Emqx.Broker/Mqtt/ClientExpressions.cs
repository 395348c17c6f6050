using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Settings;
using Emqx.Rules.Expressions;

namespace Emqx.Broker.Mqtt;

/// <summary>The zone's expressions, compiled: client_attrs_init and clientid_override.</summary>
internal sealed class ClientExpressions
{
    private readonly (Variform Expression, string Attribute)[] _attributes;
    private readonly Variform? _clientId;

    public ClientExpressions(MqttSettings settings)
    {
        _attributes = [.. settings.ClientAttributesInit.Select(static rule => (Compile(rule.Expression), rule.SetAsAttribute))
            .Where(static rule => rule.Item1 is not null).Select(static rule => (rule.Item1!, rule.SetAsAttribute))];
        _clientId = settings.ClientIdOverride == "disabled" ? null : Compile(settings.ClientIdOverride);
    }

    public bool AreUsed => _attributes.Length != 0 || _clientId is not null;

    /// <summary>The attributes of a client; expressions that are empty or fail are left out.</summary>
    public Dictionary<string, string> Attributes(ClientVariables variables)
    {
        foreach (var (expression, attribute) in _attributes)
            if (expression.Evaluate(variables.Find) is { Length: > 0 } value)
                variables.Attributes[attribute] = value;
        return variables.Attributes;
    }

    /// <summary>The client id that replaces the one given; null where it stays.</summary>
    public string? ClientId(ClientVariables variables) => _clientId?.Evaluate(variables.Find) is { Length: > 0 } id ? id : null;

    // What does not compile was refused when it was set; from a file of another release it is as good as left out.
    private static Variform? Compile(string text) => Variform.TryParse(text, out var expression, out _) ? expression : null;
}

/// <summary>What those expressions may name, for one CONNECT. The password and the address are not among it.</summary>
internal sealed class ClientVariables(ConnectPacket packet, string clientId, string? username, string? commonName, string? subject, ConnectionOrigin origin)
{
    private const string UserProperty = "user_property.";
    private const string Attribute = "client_attrs.";

    /// <summary>Those set so far.</summary>
    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>The value of a name; null where it has none.</summary>
    public string? Find(string name) => name switch
    {
        "clientid" => clientId,
        "username" => username,
        "cn" => commonName,
        "dn" => subject,
        "zone" => origin.Listener.Zone,
        "listener" => origin.Listener.Id,
        "peersni" => origin.ServerName,
        _ when name.StartsWith(UserProperty, StringComparison.Ordinal) => FindUserProperty(name[UserProperty.Length..]),
        _ when name.StartsWith(Attribute, StringComparison.Ordinal) => Attributes.GetValueOrDefault(name[Attribute.Length..]),
        _ => null,
    };

    private string? FindUserProperty(string name)
    {
        foreach (var (key, value) in packet.UserProperties)
            if (key == name)
                return value;
        return null;
    }
}
