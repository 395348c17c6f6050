using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Whom a ban is for, checked and in its one written form: addresses and networks are normalized.</summary>
/// <param name="Who">The text that the API shows.</param>
/// <param name="Pattern">Of the pattern kinds.</param>
/// <param name="Network">Of the network kind.</param>
internal sealed record BanTarget(BanAs Kind, string Who, Regex? Pattern, IPNetwork? Network)
{
    /// <summary>Characters of a pattern: reading one takes more than linear time.</summary>
    private const int LongestPattern = 4096;

    /// <summary>How long a pattern that can not be matched in linear time may take on one name.</summary>
    private static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it has to be matched with backtracking, in time that only a clock bounds.</summary>
    public bool Backtracks => Pattern is { } pattern && (pattern.Options & RegexOptions.NonBacktracking) == 0;

    /// <summary>Reads a target. <paramref name="error"/> says in a few words what is wrong with it.</summary>
    public static bool TryParse(BanAs kind, string who, [NotNullWhen(true)] out BanTarget? target, [NotNullWhen(false)] out string? error)
    {
        (target, error) = kind switch
        {
            BanAs.Peerhost => ParseAddress(who),
            BanAs.PeerhostNet => ParseNetwork(who),
            BanAs.ClientidRe or BanAs.UsernameRe => ParsePattern(kind, who),
            _ => (new BanTarget(kind, who, Pattern: null, Network: null), (string?)null),
        };
        return target is not null;
    }

    /// <summary>A pattern that is found anywhere in a text, in bounded time.</summary>
    public static Regex CompilePattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            // Look-arounds and back-references need backtracking; time bounds it.
            return new Regex(pattern, RegexOptions.CultureInvariant, s_patternTime);
        }
    }

    /// <summary>Whether the pattern is found in the text. One that takes too long counts as found: nobody slips through by a slow name.</summary>
    public static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private static (BanTarget?, string?) ParseAddress(string who) => IPAddress.TryParse(who, out var address)
        ? (new BanTarget(BanAs.Peerhost, address.Normalize().ToString(), Pattern: null, Network: null), null)
        : (null, "bad peerhost");

    private static (BanTarget?, string?) ParseNetwork(string who)
    {
        var slash = who.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? who : who.AsSpan(0, slash), out var address))
            return (null, "bad peerhost_net");

        address = address.Normalize();
        var bits = address.GetAddressBytes();
        var length = bits.Length * 8;
        if (slash >= 0 && (!int.TryParse(who.AsSpan(slash + 1), out length) || length < 0 || length > bits.Length * 8))
            return (null, "bad peerhost_net");

        for (var i = 0; i < bits.Length; i++)
            bits[i] &= (byte)(0xFF << Math.Clamp((i + 1) * 8 - length, 0, 8));
        var network = new IPNetwork(new IPAddress(bits), length);
        return (new BanTarget(BanAs.PeerhostNet, network.ToString(), Pattern: null, network), null);
    }

    private static (BanTarget?, string?) ParsePattern(BanAs kind, string who)
    {
        if (who.Length > LongestPattern)
            return (null, $"bad {kind.Name()}");
        try
        {
            return (new BanTarget(kind, who, CompilePattern(who), Network: null), null);
        }
        catch (ArgumentException)
        {
            return (null, $"bad {kind.Name()}");
        }
    }
}
