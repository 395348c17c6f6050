using System.Net;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>A listener's access_rules: <c>allow|deny CIDR|all</c>; the first that matches decides, none lets nobody in.</summary>
internal sealed class AccessRules
{
    private readonly (bool Allow, IPNetwork? Network)[] _rules;

    public AccessRules(IEnumerable<string> rules) => _rules = [.. rules.Select(Parse)];

    public bool Allows(IPAddress address)
    {
        foreach (var (allow, network) in _rules)
            if (network is not { } range || range.Contains(address))
                return allow;
        return false;
    }

    private static (bool, IPNetwork?) Parse(string rule)
    {
        var parts = rule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var verb, var range])
            throw new FormatException($"bad access rule: {rule}");
        if (range == "all")
            return (verb == "allow", null);
        return TryRange(range, out var network) ? (verb == "allow", network) : throw new FormatException($"bad access rule: {rule}");
    }

    private static bool TryRange(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var single))
        {
            network = new IPNetwork(single, single.GetAddressBytes().Length * 8);
            return true;
        }

        network = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address) || !int.TryParse(text.AsSpan(slash + 1), out var bits))
            return false;
        var length = address.GetAddressBytes().Length * 8;
        if (bits < 0 || bits > length)
            return false;
        network = new IPNetwork(Mask(address, bits), bits);
        return true;
    }

    /// <summary>The network's own address: EMQX takes ranges whose host bits are set.</summary>
    private static IPAddress Mask(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++, bits -= 8)
            bytes[i] = bits >= 8 ? bytes[i] : bits <= 0 ? (byte)0 : (byte)(bytes[i] & (0xFF << (8 - bits)));
        return new IPAddress(bytes);
    }
}
