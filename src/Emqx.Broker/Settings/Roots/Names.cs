namespace Emqx.Broker.Settings.Roots;

/// <summary>Names that EMQX gives to listeners, attributes and the like.</summary>
internal static class Names
{
    public const string RestrictedPattern = "^[A-Za-z0-9]+[A-Za-z0-9-_]*$";

    /// <summary>Whether the text is of <see cref="RestrictedPattern"/>.</summary>
    public static bool IsRestricted(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }

        return true;
    }
}
