using Emqx.Broker.Protocol;

namespace Emqx.Broker.Sessions;

/// <summary>Told of every change in the table of sessions, one at a time for each session, never under the session's lock.</summary>
internal interface ISessionObserver
{
    /// <summary>A session came to be (connected or about to be).</summary>
    void Added(Session session);

    /// <summary>A session got a newer connection: <see cref="Session.Client"/> has changed from <paramref name="before"/>.</summary>
    void Reconnected(Session session, ClientInfo before);

    /// <summary>A session lost its connection and lives on.</summary>
    void Disconnected(Session session);

    /// <summary>The session is gone.</summary>
    void Removed(Session session, bool wasConnected);
}
