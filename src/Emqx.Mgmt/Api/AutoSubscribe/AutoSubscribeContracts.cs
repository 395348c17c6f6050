using System.Text.Json.Serialization;
using Emqx.Broker.Modules.AutoSubscribe;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Api.AutoSubscribe;

/// <summary>A topic that every client is to be subscribed to when it connects.</summary>
/// <param name="Topic">Topic filter; <c>${clientid}</c>, <c>${username}</c>, <c>${host}</c> and <c>${port}</c> stand for the client's.</param>
/// <param name="Qos">Highest QoS of what is delivered.</param>
/// <param name="Rh">Retained messages: 0 with each subscription, 1 with a new one, 2 never.</param>
/// <param name="Rap">1: what is delivered keeps its retain flag.</param>
/// <param name="Nl">1: what the client itself has published is not delivered to it.</param>
internal sealed record AutoSubscribeRequest(string Topic, [Qos] int Qos = 0, [Between(0, 2)] int Rh = 0, [Between(0, 1)] int Rap = 0, [Between(0, 1)] int Nl = 0)
{
    /// <summary>As it stands in the configuration.</summary>
    public ConfigObject ToConfig() => new(new() { ["topic"] = Topic, ["qos"] = (long)Qos, ["rh"] = (long)Rh, ["rap"] = (long)Rap, ["nl"] = (long)Nl });
}

/// <summary>A topic that every client is subscribed to when it connects.</summary>
/// <param name="Nl">1: what the client itself has published is not delivered to it.</param>
/// <param name="Qos">Highest QoS of what is delivered.</param>
/// <param name="Rap">1: what is delivered keeps its retain flag.</param>
/// <param name="Rh">Retained messages: 0 with each subscription, 1 with a new one, 2 never.</param>
/// <param name="Topic">Topic filter, perhaps with places for what is the client's.</param>
internal sealed record AutoSubscribeResponse(int Nl, int Qos, int Rap, int Rh, string Topic)
{
    /// <summary>What the API shows of a topic.</summary>
    public static AutoSubscribeResponse From(AutoSubscribeTopic topic) => new(topic.Nl, topic.Qos, topic.Rap, topic.Rh, topic.Topic);
}

[JsonSerializable(typeof(AutoSubscribeResponse[]))]
internal sealed partial class AutoSubscribeJson : JsonSerializerContext;
