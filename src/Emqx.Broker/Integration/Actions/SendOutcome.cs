namespace Emqx.Broker.Integration.Actions;

/// <summary>What became of rows that were to be sent.</summary>
internal readonly record struct SendOutcome
{
    private SendOutcome(bool isSent, bool mayRepeat, string? reason) => (IsSent, MayRepeat, Reason) = (isSent, mayRepeat, reason);

    /// <summary>The other system has them.</summary>
    public static readonly SendOutcome Sent = new(isSent: true, mayRepeat: false, reason: null);

    public bool IsSent { get; }

    /// <summary>The same rows may do better later: the other system was away or busy.</summary>
    public bool MayRepeat { get; }

    /// <summary>For people; null where they were sent.</summary>
    public string? Reason { get; }

    /// <summary>Not now (EMQX's recoverable error).</summary>
    public static SendOutcome Later(string reason) => new(isSent: false, mayRepeat: true, reason);

    /// <summary>Never (EMQX's unrecoverable error).</summary>
    public static SendOutcome Refused(string reason) => new(isSent: false, mayRepeat: false, reason);
}
