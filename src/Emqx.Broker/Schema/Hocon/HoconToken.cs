namespace Emqx.Broker.Schema.Hocon;

/// <summary>What a token is. Punctuation has no text.</summary>
internal enum HoconTokenKind
{
    End,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Assign,

    /// <summary>Quoted text.</summary>
    Quoted,

    /// <summary>A bare word: text, number, boolean or null.</summary>
    Word,

    /// <summary>${path}; the text is the path.</summary>
    Variable,

    /// <summary>${?path}; the text is the path.</summary>
    OptionalVariable,
}

/// <param name="AfterNewLine">A line break stands before the token.</param>
/// <param name="Glued">Nothing stands between this token and the one before.</param>
internal readonly record struct HoconToken(HoconTokenKind Kind, string Text, int Line, bool AfterNewLine, bool Glued)
{
    /// <summary>As error texts name it.</summary>
    public string Shown => Kind switch
    {
        HoconTokenKind.End => "",
        HoconTokenKind.OpenBrace => "'{'",
        HoconTokenKind.CloseBrace => "'}'",
        HoconTokenKind.OpenBracket => "'['",
        HoconTokenKind.CloseBracket => "']'",
        HoconTokenKind.Comma => "','",
        HoconTokenKind.Assign => "'='",
        _ when long.TryParse(Text, out _) => Text,
        _ => $"\"{Text}\"",
    };
}
