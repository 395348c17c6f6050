namespace Emqx.Broker.Access.Authn.Users;

/// <summary>Which users are wanted.</summary>
/// <param name="Like">A part of their ids; null for any.</param>
/// <param name="IsSuperuser">Superusers or others; null for both.</param>
internal readonly record struct AuthnUserFilter(string? Like, bool? IsSuperuser)
{
    public bool IsAll => Like is null && IsSuperuser is null;

    public bool Selects(AuthnUser user) => (IsSuperuser is not { } wanted || user.IsSuperuser == wanted)
        && (Like is null || user.Id.Contains(Like, StringComparison.Ordinal));
}
