using Emqx.Broker.Protocol;

namespace Emqx.Broker.Hooks;

/// <summary>
/// Credentials under examination: of a CONNECT, or of a step of MQTT 5's enhanced authentication (4.12). A link that knows the
/// client sets <see cref="Allowed"/>, or asks on with <see cref="Continue"/>; then the chain is run again, on the same
/// object, with what the client answers. Where nobody decides, the client is let in anonymously, or refused when it has named a method.
/// </summary>
internal sealed class AuthenticateRequest(ClientInfo client, ReadOnlyMemory<byte> password)
{
    public ClientInfo Client { get; } = client;

    public ReadOnlyMemory<byte> Password { get; } = password;

    /// <summary>The authentication method that the client has named; null for none.</summary>
    public string? Method { get; init; }

    /// <summary>The client is connected and authenticates anew.</summary>
    public bool IsAgain { get; init; }

    /// <summary>Authentication data of the client's last CONNECT or AUTH.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>What the link that asks on keeps from one step to the next.</summary>
    public object? State { get; set; }

    public bool? Allowed { get; set; }

    /// <summary>The MQTT 5 code of a refusal.</summary>
    public byte ReasonCode { get; set; } = Protocol.ReasonCode.BadUserNameOrPassword;

    /// <summary>Whether a client that is let in may do everything.</summary>
    public bool IsSuperuser { get; set; }

    /// <summary>Authentication data for the client: the next question, or the last word to one that is let in. Null for none.</summary>
    public ReadOnlyMemory<byte>? Reply { get; set; }

    /// <summary>The client is to answer with an AUTH packet before anything is decided.</summary>
    public bool IsContinued { get; private set; }

    /// <summary>Asks the client on, with authentication data for it.</summary>
    public void Continue(ReadOnlyMemory<byte> reply) => (Reply, IsContinued) = (reply, true);

    /// <summary>Before each run of the chain: the data that the client has sent.</summary>
    public void Begin(ReadOnlyMemory<byte> data) => (Data, Reply, IsContinued) = (data, null, false);
}
