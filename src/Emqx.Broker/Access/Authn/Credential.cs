using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authn;

/// <summary>Who a client says it is, and by what it shows it.</summary>
/// <param name="Client">All that CONNECT and the transport tell.</param>
/// <param name="Password">Empty where none was given.</param>
/// <param name="Method">The authentication method that the client has named (MQTT 5, 4.12); null for none. Whoever does not speak it ignores the client.</param>
/// <param name="Data">Authentication data of the client's CONNECT or last AUTH.</param>
/// <param name="State">What this authenticator has kept when it asked the client; null at first.</param>
internal readonly record struct Credential(ClientInfo Client, ReadOnlyMemory<byte> Password, string? Method, ReadOnlyMemory<byte> Data, object? State)
{
    /// <summary>Whether there was a password, be it an empty one: memory over an empty array is not memory over none.</summary>
    public bool HasPassword => !Password.Equals(default);
}
