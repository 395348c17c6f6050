namespace Emqx.Broker.Access.Authn.Hashing;

/// <summary>A password as it is kept.</summary>
/// <param name="Hash">EMQX's password_hash: text, hexadecimal but for plain and bcrypt.</param>
/// <param name="Salt">Text; empty where there is none, or where the hash has it in itself.</param>
internal sealed record PasswordHash(byte[] Hash, byte[] Salt);
