using Emqx.Broker.Hooks;

namespace Emqx.Broker.Mqtt;

/// <summary>The enhanced authentication of one client (MQTT 5, 4.12), by the method that its CONNECT has named.</summary>
internal sealed class EnhancedAuthentication(string method)
{
    public string Method { get; } = method;

    /// <summary>What waits for the client's next AUTH; null when none is due.</summary>
    public AuthenticateRequest? Request { get; set; }

    /// <summary>The CONNECT that it is about; null once that was accepted.</summary>
    public Admission? Admission { get; set; }
}
