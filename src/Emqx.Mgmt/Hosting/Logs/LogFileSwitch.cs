using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Mgmt.Hosting.Logs;

/// <summary>Refuses log files that cannot be written. EMQX takes them from its API, tells so on its console, and does not start with them.</summary>
internal sealed class LogFileSwitch(NodeConfiguration configuration) : IRootSwitch
{
    public string Root => LogSchema.Root.Name;

    /// <summary>What is in force already is not asked for again: a full disk must not keep other changes away.</summary>
    public ValueTask<Violation?> TrySwitchAsync(ConfigObject values)
    {
        var present = Written(configuration.Log).Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        return new(Refusal(configuration, Written(LogSchema.Root.Read(values)).Where(file => !present.Contains(file.Path))));
    }

    /// <summary>The first file that cannot be written with the configuration of the start; null where all can.</summary>
    public static Violation? RefusalAtStart(NodeConfiguration configuration) => Refusal(configuration, Written(configuration.Log));

    private static IEnumerable<LogFileSettings> Written(LogSettings settings) => settings.Files.Where(static file => file.Handler.Enable);

    private static Violation? Refusal(NodeConfiguration configuration, IEnumerable<LogFileSettings> files)
    {
        foreach (var file in files)
        {
            if (FileTarget.ProblemWith(configuration.Sources.Paths.Expand(file.Path)) is { } problem)
                return Violation.Wrong($"log.file.{file.Name}.path", file.Path, $"cannot be written: {problem}");
        }

        return null;
    }
}
