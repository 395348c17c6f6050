using BenchmarkDotNet.Running;
using Emqx.Benchmarks.Load;

namespace Emqx.Benchmarks;

/// <summary>Runs clients against a broker (<c>idle</c>, <c>stuck</c>, <c>offline</c>, <c>halfopen</c>, <c>churn</c>), a broker for interoperability suites (<c>interop</c>), MQTTnet's own (<c>mqttnet</c>), or the benchmarks named on the command line.</summary>
internal static class BenchmarkProgram
{
    private static Task Main(string[] args)
    {
        switch (args.FirstOrDefault())
        {
            case "idle": return new BoundsRun(Options()).IdleAsync();
            case "stuck": return new BoundsRun(Options()).StuckAsync();
            case "offline": return new BoundsRun(Options()).OfflineAsync();
            case "halfopen": return new BoundsRun(Options()).HalfOpenAsync();
            case "churn": return new BoundsRun(Options()).ChurnAsync();
            case "interop": return InteropBroker.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : -1);
            case "mqttnet": return MqttNetBroker.RunAsync(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture));
            default:
                BenchmarkSwitcher.FromAssembly(typeof(BenchmarkProgram).Assembly).Run(args);
                return Task.CompletedTask;
        }

        LoadOptions Options() => LoadOptions.Parse(args.Skip(1));
    }
}
