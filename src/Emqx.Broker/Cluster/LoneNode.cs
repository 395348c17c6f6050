namespace Emqx.Broker.Cluster;

/// <summary>The cluster of a node that cannot reach others: every invitation fails at once.</summary>
internal sealed class LoneNode(NodeIdentity identity, TimeProvider time) : IClusterControl
{
    private const int MaxInvitations = 100;
    private const string CannotInviteSelf = "Cannot invite self";
    private readonly Lock _gate = new();
    private readonly LinkedList<Invitation> _invitations = [];

    public string Name => "emqxcl";

    public IReadOnlyList<Invitation> Invitations
    {
        get
        {
            lock (_gate)
                return [.. _invitations];
        }
    }

    public ValueTask<string?> InviteAsync(string node, TimeSpan timeout, CancellationToken cancellation) =>
        new(node == identity.Name ? CannotInviteSelf : "nodedown");

    public string? InviteInBackground(string node)
    {
        if (node == identity.Name)
            return CannotInviteSelf;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            _invitations.AddFirst(new Invitation(node, now, now, "{error,{badrpc,nodedown}}"));
            if (_invitations.Count > MaxInvitations)
                _invitations.RemoveLast();
        }

        return null;
    }

    public ValueTask<string?> RemoveAsync(string node, CancellationToken cancellation) =>
        new(node == identity.Name ? "Cannot leave self" : "node_not_in_cluster");
}
