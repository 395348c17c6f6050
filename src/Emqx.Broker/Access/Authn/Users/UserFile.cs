namespace Emqx.Broker.Access.Authn.Users;

/// <summary>A file of users.</summary>
/// <param name="Name">Its ending tells what it holds; null for a JSON body.</param>
/// <param name="Type">What its rows have of passwords.</param>
/// <param name="Content">All of it.</param>
internal sealed record UserFile(string? Name, UserFileType Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>The longest one.</summary>
    public const int MostBytes = 64 * 1024 * 1024;
}

/// <summary>What the rows of a file of users have of passwords.</summary>
internal enum UserFileType
{
    /// <summary>The password itself.</summary>
    Plain,

    /// <summary>Its hash, and the salt.</summary>
    Hash,
}
