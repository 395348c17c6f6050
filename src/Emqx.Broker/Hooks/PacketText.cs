namespace Emqx.Broker.Hooks;

/// <summary>
/// A packet in EMQX's words, <c>PUBLISH(Q1, R0, D0, Topic=t, PacketId=1, Payload(text)=…)</c>. How its payload is written is left to those who
/// write it down.
/// </summary>
/// <param name="before">All, or what stands before the payload.</param>
/// <param name="payload">That of a message or a will.</param>
/// <param name="after">What stands behind the payload; null where there is none.</param>
internal readonly ref struct PacketText(string before, ReadOnlySpan<byte> payload = default, string? after = null)
{
    public string Before { get; } = before;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public string? After { get; } = after;
}
