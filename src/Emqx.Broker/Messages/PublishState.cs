using Emqx.Broker.Routing;

namespace Emqx.Broker.Messages;

/// <summary>What a publisher's connection remembers from one message to the next: publishers mostly repeat a topic.</summary>
internal sealed class PublishState
{
    /// <summary>Bytes that an alias takes beside its topic's characters: its place in the table and the text's object.</summary>
    public const int AliasOverhead = 64;

    public byte[] TopicUtf8 = [];
    public string Topic = "";

    /// <summary>Where messages to <see cref="Topic"/> go; look whether it is current.</summary>
    public Route? Route;

    /// <summary>The turns of share groups; made when the first one is met.</summary>
    public SharedPickState? Turns;

    /// <summary>What the latest messages have cost: steps and receivers. Whoever asks sets it back.</summary>
    public int Work;

    /// <summary>Topic aliases of the client (MQTT 5, 3.3.2.3.4).</summary>
    public Dictionary<ushort, string>? Aliases;

    /// <summary>Bytes of their topics.</summary>
    public int AliasBytes;
}
