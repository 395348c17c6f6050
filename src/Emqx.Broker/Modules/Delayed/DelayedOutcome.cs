namespace Emqx.Broker.Modules.Delayed;

/// <summary>What becomes of a message that is to wait.</summary>
internal enum DelayedOutcome
{
    /// <summary>It waits.</summary>
    Waits,

    /// <summary>Messages do not wait: its topic is an ordinary one.</summary>
    Off,

    /// <summary>The setting max_delayed_messages: it is dropped without a word, as EMQX does.</summary>
    TooMany,

    /// <summary>What waits takes all the memory that it may take.</summary>
    NoMemory,
}
