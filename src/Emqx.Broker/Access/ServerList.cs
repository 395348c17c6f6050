using System.Globalization;

namespace Emqx.Broker.Access;

/// <summary>EMQX's form of servers: <c>host[:port][,host[:port]]</c>.</summary>
internal static class ServerList
{
    /// <summary>The hosts and ports; of what is none <paramref name="problem"/> tells in EMQX's words.</summary>
    public static IReadOnlyList<(string Host, int Port)> Parse(string text, int defaultPort, out string? problem)
    {
        problem = text.Length == 0 ? "cannot_be_empty" : null;
        var servers = new List<(string Host, int Port)>();
        foreach (var one in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = one.Split(':', StringSplitOptions.RemoveEmptyEntries);
            problem ??= ProblemOf(parts);
            if (problem is not null)
                return [];
            servers.Add((parts[0], parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : defaultPort));
        }

        if (servers.Count == 0)
            problem ??= "bad_host_port";
        return servers;
    }

    private static string? ProblemOf(string[] parts)
    {
        if (parts.Length is 2 or 3 && parts[1].StartsWith("//", StringComparison.Ordinal))
            return "not_expecting_scheme";
        if (parts.Length is not (1 or 2))
            return "bad_host_port";
        if (parts[0].Contains(' ', StringComparison.Ordinal))
            return "hostname_has_space";
        if (IsPort(parts[0]))
            return "expecting_hostname_but_got_a_number";
        return parts.Length == 1 || IsPort(parts[1]) ? null : "bad_port_number";
    }

    private static bool IsPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue;
}
