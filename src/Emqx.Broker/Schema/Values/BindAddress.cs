using System.Globalization;
using System.Net;

namespace Emqx.Broker.Schema.Values;

/// <summary>Where to listen, as EMQX writes it: <c>1883</c>, <c>:1883</c>, <c>127.0.0.1:1883</c>, <c>[::1]:1883</c>, <c>::1:1883</c>; port 0 takes a free one.</summary>
internal static class BindAddress
{
    /// <summary>Reads the address; a port alone stands for all addresses. The reason is EMQX's word for what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPEndPoint endPoint, out string reason)
    {
        var colon = text.LastIndexOf(':');
        endPoint = s_none;
        var address = colon <= 0 ? IPAddress.Any : null;
        reason = PortProblem(text[(colon + 1)..], out var port);
        if (address is null)
        {
            var host = text[..colon].Trim();
            if (host is ['[', .., ']'])
                host = host[1..^1];
            if (reason.Length > 0 || !IPAddress.TryParse(host, out address) || !host.ContainsAny(".:"))
                reason = "bad_ip_port";
        }

        if (reason.Length > 0)
            return false;
        endPoint = new IPEndPoint(address!, port);
        return true;
    }

    private static readonly IPEndPoint s_none = new(IPAddress.None, 0);

    private static string PortProblem(ReadOnlySpan<char> text, out int port)
    {
        if (!int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out port))
            return "bad_port_number";
        return port < 0 ? "port_number_must_be_positive" : port > 65535 ? "port_number_too_large" : "";
    }
}
