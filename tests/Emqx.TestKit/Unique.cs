namespace Emqx.TestKit;

/// <summary>Names that no other test has.</summary>
public static class Unique
{
    public static string Name(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 13)];

    /// <summary>A topic of two levels.</summary>
    public static string Topic() => $"test/{Guid.NewGuid():N}"[..17];
}
