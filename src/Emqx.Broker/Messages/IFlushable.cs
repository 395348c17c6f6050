namespace Emqx.Broker.Messages;

/// <summary>Something that gathers what goes out, so that a burst of messages leaves it in one piece.</summary>
internal interface IFlushable
{
    /// <summary>Sends what has gathered. Called from any thread; never throws and never waits.</summary>
    void Flush();
}
