namespace Emqx.TestKit;

/// <summary>How long a test waits for what must come: a loaded machine is no defect.</summary>
public static class Patience
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
}
