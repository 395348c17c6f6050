using BenchmarkDotNet.Running;

namespace Emqx.Benchmarks;

/// <summary>Runs the benchmarks named on the command line.</summary>
internal static class BenchmarkProgram
{
    private static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(BenchmarkProgram).Assembly).Run(args);
}
