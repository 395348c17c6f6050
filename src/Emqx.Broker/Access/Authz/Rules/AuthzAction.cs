using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>What a rule is about: to publish, to subscribe or both, of which QoS, and whether retained.</summary>
/// <param name="Publish">It is about publishing.</param>
/// <param name="Subscribe">It is about subscribing; <paramref name="Retain"/> says nothing of that.</param>
/// <param name="QosMask">Bit n stands for QoS n.</param>
/// <param name="Retain">Null: whether the message is retained or not.</param>
internal readonly record struct AuthzAction(bool Publish, bool Subscribe, byte QosMask = AuthzAction.AnyQos, bool? Retain = null)
{
    /// <summary>QoS 0, 1 and 2.</summary>
    public const byte AnyQos = 0b111;

    public static readonly AuthzAction All = new(Publish: true, Subscribe: true);

    public bool Matches(AuthorizeRequest request)
    {
        if ((QosMask >> request.Qos & 1) == 0)
            return false;
        return request.IsPublish ? Publish && (Retain is not { } retain || retain == request.Retain) : Subscribe;
    }
}
