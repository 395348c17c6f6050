using System.Text.Json;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>What a trace looks at. EMQX's words are the members' names in snake case.</summary>
internal enum TraceType
{
    Clientid,
    Topic,
    IpAddress,
    Ruleid,
}

/// <summary>How a trace writes payloads.</summary>
internal enum PayloadEncode
{
    Hex,
    Text,
    Hidden,
}

/// <summary>EMQX's words for both.</summary>
internal static class TraceWords
{
    /// <summary>EMQX's word.</summary>
    public static string Word<T>(this T one) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString());

    /// <summary>What that word stands for.</summary>
    public static bool TryParse<T>(string word, out T one) where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            one = known;
            if (known.Word() == word)
                return true;
        }

        one = default;
        return false;
    }
}
