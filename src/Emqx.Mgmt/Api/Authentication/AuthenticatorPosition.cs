using Emqx.Broker.Access.Authn;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>Places as EMQX names them in paths.</summary>
internal static class AuthenticatorPosition
{
    private const string Before = "before:";
    private const string After = "after:";

    /// <summary>The place; null for what names none.</summary>
    public static AuthenticatorPlace? Parse(string position)
    {
        if (position == "front")
            return new AuthenticatorPlace.Front();
        if (position == "rear")
            return new AuthenticatorPlace.Rear();
        return Beside(position, Before, isBehind: false) ?? Beside(position, After, isBehind: true);
    }

    private static AuthenticatorPlace.Beside? Beside(string position, string word, bool isBehind) =>
        position.Length > word.Length && position.StartsWith(word, StringComparison.Ordinal) ? new(position[word.Length..], isBehind) : null;
}
