using System.Globalization;

namespace Emqx.Mgmt.Api.Nodes;

/// <summary>Sizes as EMQX writes them: two decimals and a letter, <c>23.54G</c>.</summary>
internal static class MemoryText
{
    public static string Format(long bytes) => bytes switch
    {
        >= 1L << 30 => Scale(bytes, 1L << 30, 'G'),
        >= 1L << 20 => Scale(bytes, 1L << 20, 'M'),
        >= 1L << 10 => Scale(bytes, 1L << 10, 'K'),
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };

    private static string Scale(long bytes, long unit, char letter) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / unit:0.00}{letter}");
}
