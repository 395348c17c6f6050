namespace Emqx.Broker.Hooks;

/// <summary>One link of a chain that answers at once: may change the argument, or end the chain. It must not block.</summary>
internal delegate HookResult PlainHookLink<in T>(T argument);

/// <summary>
/// One link of a chain that may answer later, because it asks somebody else. It leaves the argument alone once
/// <paramref name="cancellation"/> says that the chain has given it up.
/// </summary>
internal delegate ValueTask<HookResult> HookLink<in T>(T argument, CancellationToken cancellation);
