namespace Emqx.Broker.Hooks;

/// <summary>What a link of a chain decides.</summary>
internal enum HookResult
{
    /// <summary>The next one is asked.</summary>
    Continue,

    /// <summary>The argument stands as it is; nobody else is asked.</summary>
    Stop,
}
