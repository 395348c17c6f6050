using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn;

/// <summary>The authenticators of the cluster.</summary>
internal interface IAuthenticatorDirectory
{
    /// <summary>All of them, in the order in which they are asked; disabled ones too.</summary>
    ValueTask<IReadOnlyList<AuthenticatorFacts>> ListAsync(CancellationToken cancellation);

    /// <summary>One of them, with what the nodes tell of it; null where there is none of that id.</summary>
    ValueTask<AuthenticatorFacts?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>The same, with a look at what the authenticator asks.</summary>
    ValueTask<AuthenticatorFacts?> CheckAsync(string id, CancellationToken cancellation);
}

/// <summary>Changes the chain of authenticators. What has been answered is on disk; nobody is disconnected.</summary>
internal interface IAuthenticatorControl
{
    /// <summary>Adds one behind all others.</summary>
    ValueTask<AuthenticatorOutcome> CreateAsync(ConfigObject entry, CancellationToken cancellation);

    /// <summary>Puts other settings in place of all that one has. Secrets that read ****** stay; so do place, counts and users.</summary>
    ValueTask<AuthenticatorOutcome> UpdateAsync(string id, ConfigObject entry, CancellationToken cancellation);

    /// <summary>Removes one with its users. Where others are, one that is not there counts as removed.</summary>
    ValueTask<AuthenticatorOutcome> DeleteAsync(string id, CancellationToken cancellation);

    ValueTask<AuthenticatorOutcome> MoveAsync(string id, AuthenticatorPlace place, CancellationToken cancellation);

    /// <summary>Puts all of them in another order.</summary>
    ValueTask<AuthenticatorOutcome> ReorderAsync(IReadOnlyList<string> ids, CancellationToken cancellation);
}

/// <summary>An authenticator.</summary>
/// <param name="Id"><c>mechanism:backend</c>, or the mechanism alone.</param>
/// <param name="Shown">Its settings, secrets masked.</param>
/// <param name="Nodes">What each node tells of it.</param>
internal sealed record AuthenticatorFacts(string Id, ConfigObject Shown, IReadOnlyList<NodeTagged<AuthenticatorState>> Nodes);

/// <summary>How an authenticator does on a node.</summary>
/// <param name="Metrics">What it was asked and has said.</param>
/// <param name="Backend">How it stands with what it asks.</param>
internal sealed record AuthenticatorState(EntryMetricsReading Metrics, BackendReading Backend);

/// <summary>Where an authenticator goes.</summary>
internal abstract record AuthenticatorPlace
{
    /// <summary>Before all others.</summary>
    internal sealed record Front : AuthenticatorPlace;

    /// <summary>Behind all others.</summary>
    internal sealed record Rear : AuthenticatorPlace;

    /// <summary>Next to another one.</summary>
    internal sealed record Beside(string Id, bool IsBehind) : AuthenticatorPlace;
}

/// <summary>What has become of a change of the chain.</summary>
internal enum AuthenticatorResult
{
    Done,

    /// <summary>There is no authenticator at all.</summary>
    NoChain,

    /// <summary>There is none of the id that the reason is.</summary>
    Unknown,

    /// <summary>There is one of the id that the reason is.</summary>
    Exists,

    /// <summary>The settings are those of another type.</summary>
    OtherType,

    /// <summary>The reason says what is wrong.</summary>
    Refused,
}

/// <param name="Id">Of the authenticator that was made.</param>
/// <param name="Entry">Its settings as they are in force, with their secrets.</param>
internal readonly record struct AuthenticatorOutcome(AuthenticatorResult Result, string Reason = "", string Id = "", ConfigObject? Entry = null);
