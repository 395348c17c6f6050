namespace Emqx.Broker.Access;

/// <summary>Acts on what connections remember of authorization decisions.</summary>
internal interface IAuthorizationCacheControl
{
    /// <summary>Makes all connections forget.</summary>
    ValueTask DrainAsync(CancellationToken cancellation);
}
