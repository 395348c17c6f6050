namespace Emqx.Broker.Messages;

/// <summary>What became of a message.</summary>
/// <param name="Count">How many sessions and share groups got it; where a hook kept it from them 1 if that is as it should be, else 0; -1 where a hook has refused it or has not answered.</param>
/// <param name="ReasonCode">What a hook that stopped the message wants acknowledged; 0 else.</param>
internal readonly record struct PublishOutcome(int Count, byte ReasonCode = 0);
