using System.Diagnostics;

namespace Emqx.Storage.Tests;

/// <summary>Copies files that somebody has open and locked: .NET's own ways to read them ask for the lock.</summary>
internal static class OpenFiles
{
    public static void Copy(string from, string to)
    {
        using var copying = Process.Start("cp", [from, to]);
        copying.WaitForExit();
    }
}
