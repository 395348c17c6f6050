using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Settings.Layers;

/// <summary>
/// The layers that are there before the data folder is opened: <c>base.hocon</c>, <c>emqx.conf</c> and the environment.
/// The file is <c>EMQX_CONFIG_FILE</c>, else <c>emqx.conf</c> in <c>EMQX_ETC_DIR</c>, else in the folder etc beside the
/// data folder; without one there is just no such layer.
/// </summary>
internal sealed class ConfigurationSources
{
    /// <summary>A data folder of this name is none: nothing is kept.</summary>
    public const string InMemory = NodeIdentity.InMemory;

    private const string DefaultDataFolder = "data";
    private const long MaximumLength = 16 * 1024 * 1024;
    private const string NoListeners = "listeners { tcp.default.enable = false, ssl.default.enable = false, ws.default.enable = false, wss.default.enable = false }";

    private readonly Dictionary<string, string> _variables;
    private readonly List<string> _failures = [];

    private ConfigurationSources(SettingsCatalogue catalogue, string text, string nodeName)
    {
        Catalogue = catalogue;
        _variables = [];
        Environment = new EnvironmentLayer(catalogue, _variables);
        File = "";
        Paths = new ConfigPaths(".", "log");
        Base = HoconParser.Parse(NoListeners);
        FileLayer = Guard("the configuration", () => catalogue.Canonical(HoconParser.Parse(text)));
        (DataFolder, NodeName) = (InMemory, nodeName);
    }

    private ConfigurationSources(SettingsCatalogue catalogue, IEnumerable<KeyValuePair<string, string>> variables)
    {
        Catalogue = catalogue;
        _variables = StartScripts.Run(variables);
        Environment = new EnvironmentLayer(catalogue, _variables);
        var folder = Text(Environment.ApplyTo(ConfigObject.Empty, []), "data_dir") ?? DefaultDataFolder;
        File = FindFile(folder);
        var etc = Path.GetDirectoryName(Path.GetFullPath(File));
        Paths = new ConfigPaths(etc ?? ".", _variables.GetValueOrDefault("EMQX_LOG_DIR") ?? Path.Combine(folder == InMemory ? "." : folder, "log"));
        Base = StartScripts.Defaults(_variables).MergedWith(ReadFile(Path.Combine(Paths.EtcFolder, "base.hocon"), required: false));
        FileLayer = ReadFile(File, required: _variables.ContainsKey("EMQX_CONFIG_FILE"));
        var node = Environment.ApplyTo(Base.MergedWith(FileLayer), []);
        DataFolder = Paths.Expand(Text(node, "data_dir") ?? DefaultDataFolder);
        NodeName = NodeNameOf(node);
    }

    /// <summary>The roots that there are.</summary>
    public SettingsCatalogue Catalogue { get; }

    /// <summary>Path of the file that is read where it exists.</summary>
    public string File { get; }

    public ConfigPaths Paths { get; }

    /// <summary>Below what the API has changed.</summary>
    public ConfigObject Base { get; }

    /// <summary>Above what the API has changed.</summary>
    public ConfigObject FileLayer { get; }

    public EnvironmentLayer Environment { get; }

    public string DataFolder { get; }

    /// <summary>With a host: the name alone is put before @127.0.0.1.</summary>
    public string NodeName { get; }

    /// <summary>Why the files cannot be read; empty where they can.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Reads the layers from the process' environment and the files that it names.</summary>
    public static ConfigurationSources FromProcess(SettingsCatalogue catalogue)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return From(catalogue, variables);
    }

    /// <summary>
    /// No files, no environment, no data folder: a text as emqx.conf has it is all there is. Of the default listeners those are open that it enables.
    /// </summary>
    public static ConfigurationSources FromText(SettingsCatalogue catalogue, string text, string nodeName) => new(catalogue, text, nodeName);

    public static ConfigurationSources From(SettingsCatalogue catalogue, IEnumerable<KeyValuePair<string, string>> variables) =>
        new(catalogue, variables);

    private string FindFile(string dataFolder)
    {
        if (_variables.TryGetValue("EMQX_CONFIG_FILE", out var named))
            return named;
        if (_variables.TryGetValue("EMQX_ETC_DIR", out var etc))
            return Path.Combine(etc, "emqx.conf");
        var beside = dataFolder == InMemory ? "." : Path.Combine(dataFolder, "..");
        return Path.Combine(beside, "etc", "emqx.conf");
    }

    private ConfigObject ReadFile(string path, bool required)
    {
        return Guard(path, () => required || System.IO.File.Exists(path) ? Catalogue.Canonical(Parse(path)) : ConfigObject.Empty);
    }

    private ConfigObject Guard(string path, Func<ConfigObject> read)
    {
        try
        {
            return read();
        }
        catch (HoconException e)
        {
            _failures.Add($"{e.File ?? path}, line {e.Line}: {e.Reason}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failures.Add($"{path}: {e.Message}");
        }

        return ConfigObject.Empty;
    }

    private ConfigObject Parse(string path) => HoconParser.Parse(Read(path), name => _variables.GetValueOrDefault(name), (name, from) =>
    {
        var full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(from ?? path))!, Paths.Expand(name)));
        return System.IO.File.Exists(full) ? new HoconInclude(full, Read(full)) : null;
    });

    private static string Read(string path) => new FileInfo(path).Length <= MaximumLength
        ? System.IO.File.ReadAllText(path)
        : throw new IOException($"the file is longer than {MaximumLength / 1024 / 1024} MB");

    private static string NodeNameOf(ConfigObject configuration)
    {
        var name = Text(configuration, "name") ?? "emqx@127.0.0.1";
        return name.Contains('@', StringComparison.Ordinal) ? name : name + "@127.0.0.1";
    }

    private static string? Text(ConfigObject configuration, string field) => (configuration.Find(["node", field]) as ConfigText)?.Text;
}
