using System.Net;

namespace Emqx.Broker.Node;

/// <summary>An open listener of a <see cref="BrokerNode"/>.</summary>
/// <param name="Id">EMQX's <c>type:name</c>, <c>tcp:default</c>.</param>
/// <param name="EndPoint">Where it is in fact: with the port that was found where 0 was asked for.</param>
public sealed record BrokerListener(string Id, IPEndPoint EndPoint);
