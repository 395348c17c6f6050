using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>The message kept for a topic. <paramref name="ExpiresAt"/> is the store's, in Unix milliseconds; 0 for never.</summary>
internal sealed record RetainedMessage(Message Message, long ExpiresAt)
{
    public string Topic => Message.Topic;

    public bool IsExpired(long now) => ExpiresAt != 0 && now >= ExpiresAt;
}

/// <summary>Retained messages ascending by the bytes of their topics.</summary>
internal readonly struct RetainedOrder : IRowOrder<RetainedMessage, string>
{
    public static string KeyOf(RetainedMessage row) => row.Topic;

    public static int Compare(in string key, RetainedMessage row) => Utf8Order.Compare(key, row.Topic);
}
