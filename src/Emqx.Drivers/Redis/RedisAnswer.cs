namespace Emqx.Drivers.Redis;

/// <summary>What came of a command.</summary>
/// <param name="Values">The texts of the answer, null for what is not there; null where there was none.</param>
/// <param name="Why">Why there was none; null where there was one.</param>
/// <param name="IsAway">Whether nothing else can be asked there either; else this command alone was refused.</param>
internal sealed record RedisAnswer(IReadOnlyList<byte[]?>? Values, string? Why = null, bool IsAway = false)
{
    /// <summary>Bytes of an answer; a longer one counts as none.</summary>
    public const int Longest = 1 << 20;

    /// <summary>Texts of an answer; more count as none.</summary>
    public const int Most = 20_000;
}
