using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Http;

/// <summary>What is sent to a service: texts with places by name.</summary>
internal sealed class BodyKind() : MaskedTextsKind(Kinds.Text, s_secret.Contains)
{
    /// <summary>EMQX's names of what is nobody's business.</summary>
    private static readonly HashSet<string> s_secret = new(StringComparer.Ordinal)
    {
        "access_key_id", "access_key_secret", "account_key", "aws_secret_access_key", "bind_password", "jwt", "password", "private_key", "secret",
        "secret_access_key", "secret_key", "security_token", "sp_private_key", "token",
    };
}
