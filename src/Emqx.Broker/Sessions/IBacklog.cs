namespace Emqx.Broker.Sessions;

/// <summary>What follows to a client as it has room for it, beside what is published now: it costs nothing while the client takes nothing.</summary>
internal interface IBacklog
{
    /// <summary>There may be room again. Called from any thread, also under the session's lock: goes on elsewhere.</summary>
    void HasRoom();
}
