namespace Emqx.Broker.Access.Authn.Users;

/// <summary>A row of a file of users.</summary>
/// <param name="Place">Where it stands, for people.</param>
/// <param name="UserId">Null where it is missing or no text; so are the others.</param>
internal readonly record struct UserRow(UserRowPlace Place, string? UserId, string? Password, string? PasswordHash, string? Salt, bool IsSuperuser)
{
    /// <summary>What keeps it from being a user, in EMQX's words and with its place; null where nothing does.</summary>
    public string? ProblemWith(UserFileType type) => this switch
    {
        { UserId: null } => Place.Of("bad_format"),
        { PasswordHash: null } when type == UserFileType.Hash => Place.Of("\"hash_import_requires_password_hash_field\""),
        { Password: null } when type == UserFileType.Plain => Place.Of("\"plain_import_requires_password_field\""),
        _ => null,
    };
}

/// <summary>The place of a row, counted from 1.</summary>
/// <param name="Unit">line or row.</param>
internal readonly record struct UserRowPlace(string Unit, int Number)
{
    public string Of(string problem) => $"{problem}, {Unit} {Number}";
}
