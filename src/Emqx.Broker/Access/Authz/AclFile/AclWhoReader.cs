using System.Globalization;
using System.Net;
using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>Reads whom a rule of a file is about.</summary>
internal static class AclWhoReader
{
    /// <exception cref="AclSyntaxException">The term says it in no way that is known.</exception>
    public static AuthzWho Read(AclTerm term) => term switch
    {
        AclTerm.Word { Name: "all" } => AuthzWho.All.Instance,
        AclTerm.Tuple { Items: [AclTerm.Word { Name: var kind }, var value] } => Read(kind, value, term),
        AclTerm.Tuple { Items: [AclTerm.Word { Name: "client_attr" }, AclTerm.Text { Value: var name }, var value] } => Named(AuthzIdentity.Attribute, value, term, name),
        _ => throw Wrong(term),
    };

    private static AuthzWho Read(string kind, AclTerm value, AclTerm whole) => (kind, value) switch
    {
        ("username" or "user", _) => Named(AuthzIdentity.Username, value, whole),
        ("clientid" or "client", _) => Named(AuthzIdentity.ClientId, value, whole),
        ("ipaddr", _) => new AuthzWho.From([NetworkOf(value)]),
        ("ipaddrs", AclTerm.List list) => new AuthzWho.From([.. list.Items.Select(NetworkOf)]),
        ("and", AclTerm.List list) => new AuthzWho.Every([.. list.Items.Select(Read)]),
        ("or", AclTerm.List list) => new AuthzWho.Any([.. list.Items.Select(Read)]),
        _ => throw Wrong(whole),
    };

    private static AuthzWho.Named Named(AuthzIdentity identity, AclTerm value, AclTerm whole, string attribute = "") => value switch
    {
        AclTerm.Text text => new(identity, text.Value, Pattern: null, attribute),
        AclTerm.Tuple { Items: [AclTerm.Word { Name: "re" }, AclTerm.Text pattern] } => new(identity, pattern.Value,
            AuthzPattern.Compile(pattern.Value) ?? throw new AclSyntaxException($"#{{reason => invalid_regular_expression,value => {pattern.Print()}}}"), attribute),
        _ => throw Wrong(whole),
    };

    /// <summary>An address, or a network as <c>10.0.0.0/8</c>; what the address has beyond the network does not count.</summary>
    private static IPNetwork NetworkOf(AclTerm term)
    {
        if (term is not AclTerm.Text { Value: var text })
            throw WrongAddress(term);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
            throw WrongAddress(term);

        address = address.Normalize();
        var bits = address.GetAddressBytes();
        var length = bits.Length * 8;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits.Length * 8))
            throw WrongAddress(term);

        for (var i = 0; i < bits.Length; i++)
            bits[i] &= (byte)(0xFF << Math.Clamp(((i + 1) * 8) - length, 0, 8));
        return new IPNetwork(new IPAddress(bits), length);
    }

    private static AclSyntaxException Wrong(AclTerm term) => new($"#{{identifier => {term.Print()},reason => invalid_client_match_condition}}");

    private static AclSyntaxException WrongAddress(AclTerm term) => new($"#{{reason => invalid_ipaddr,value => {term.Print()}}}");
}
