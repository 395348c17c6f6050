namespace Emqx.Broker.Access.Authn;

/// <summary>
/// One way to check who a client is: one for each entry of the root <c>authentication</c>. It is made when a configuration names it,
/// connects to nothing before it is first asked, and is disposed when the entry goes or changes.
/// </summary>
internal interface IAuthenticator : IAsyncDisposable
{
    /// <summary>
    /// Says who the client is, or that it does not know. Asked by many connections at once; may take its time, while only that client
    /// waits. One that throws does not know.
    /// </summary>
    ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation);
}
