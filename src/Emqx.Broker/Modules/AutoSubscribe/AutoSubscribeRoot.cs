using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.AutoSubscribe;

/// <summary>The root <c>auto_subscribe</c>.</summary>
internal static class AutoSubscribeRoot
{
    private static readonly StructKind s_topic = Struct("auto_subscribe.topic",
        Required("topic", Text).Says("Topic filter; ${clientid}, ${username}, ${host} and ${port} stand for the client's."),
        Field("qos", Qos, 0).Says("Highest QoS of what is delivered."),
        Field("rh", Range(0, 2), 0).Says("Retained messages: 0 with each subscription, 1 with a new one, 2 never."),
        Field("rap", Range(0, 1), 0).Says("1: what is delivered keeps its retain flag."),
        Field("nl", Range(0, 1), 0).Says("1: what the client itself has published is not delivered to it."));

    private static readonly StructKind s_table = Struct("auto_subscribe",
        Field("topics", ArrayOf(s_topic), ConfigArray.Empty).Says("What each client is subscribed to when it connects."));

    public static readonly Root<AutoSubscribeSettings> Root = new("auto_subscribe", s_table, Read);

    private static AutoSubscribeSettings Read(ConfigObject values)
    {
        var topics = new SettingsReader(values).Items("topics");
        return new([.. topics.Select(one => new AutoSubscribeTopic(one.Text("topic"), one.Int("qos"), one.Int("rh"), one.Int("rap"), one.Int("nl")))]);
    }
}

/// <summary>The root <c>auto_subscribe</c>.</summary>
internal sealed record AutoSubscribeSettings(IReadOnlyList<AutoSubscribeTopic> Topics);

/// <summary>A filter that every client is subscribed to, with places such as <c>${clientid}</c>.</summary>
/// <param name="Rh">Retain handling, 0 to 2.</param>
/// <param name="Rap">Retain as published, 0 or 1.</param>
/// <param name="Nl">No local, 0 or 1.</param>
internal sealed record AutoSubscribeTopic(string Topic, int Qos, int Rh, int Rap, int Nl);
