using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>The root <c>prometheus</c>, and the flat form that it had in older releases.</summary>
internal static class PrometheusRoot
{
    public const string Name = "prometheus";

    private const string DefaultUrl = "http://127.0.0.1:9091", DefaultInterval = "15s", DefaultJob = "${name}/instance/${name}~${host}";
    private const string Server = "push_gateway_server";
    private static readonly ValueKind s_url = new TextKind("string()", PushAddress.ProblemOf);
    private static readonly ValueKind s_job = new TextKind("binary()", PushAddress.ProblemOfJob);
    private static readonly ValueKind s_switch = Enum("disabled", "enabled");
    private static readonly string[] s_collectors = ["vm_dist", "mnesia", "vm_statistics", "vm_system_info", "vm_memory", "vm_msacc"];
    private static readonly string[] s_taken = ["interval", "headers", "job_name", "enable"];

    private static readonly StructKind s_push = new([
        Field("enable", Flag, false).Says("Whether the metrics are sent to a push gateway."),
        Field("method", Enum("put", "post"), "put").Says("Whether they take the place of all earlier ones of the job (put), or of those of the same name alone (post)."),
        Field("url", s_url, DefaultUrl).Says("Address of the push gateway. It may not redirect."),
        Field("interval", TimeoutDuration, DefaultInterval).Says("Time from one sending to the next; a second at least."),
        Field("headers", PushHeaders.Kind, ConfigObject.Empty).Says("Headers of the requests, for its credentials."),
        Field("job_name", s_job, DefaultJob).Says("Name of the job; ${name} and ${host} are the parts of the node's name, ${cluster_name} the cluster's."),
    ], PushHeaders.ProblemOf) { Id = "prometheus.push_gateway" };

    private static readonly StructKind s_table = new([
        Field("enable_basic_auth", Flag, false).Says("Whether who reads the metrics needs an API key or a token."),
        Part("push_gateway", s_push).Says("Sends the metrics to Prometheus's push gateway."),
        Part("collectors", Struct("prometheus.collectors", [.. s_collectors.Select(static name => Field(name, s_switch, "disabled"))]))
            .Says("Metrics of the Erlang virtual machine, which is not there."),
    ]) { Id = "prometheus.recommend_setting", Convert = ToPresentForm };

    /// <summary>The form of older releases.</summary>
    public static readonly StructKind OlderForm = Struct("prometheus.legacy_deprecated_setting",
    [
        Field(Server, s_url, DefaultUrl),
        Field("interval", TimeoutDuration, DefaultInterval),
        Field("headers", PushHeaders.Kind, ConfigObject.Empty),
        Field("job_name", s_job, DefaultJob),
        Field("enable", Flag, false),
        .. s_collectors.Select(static name => Field(OlderName(name), s_switch, "disabled")),
    ]);

    public static readonly Root<PrometheusSettings> Root = new(Name, s_table, Read);

    /// <summary>Whether values are of the older form: any name of it makes them so.</summary>
    public static bool IsOlderForm(ConfigObject given) => given.Names.Any(static name => s_table.FindField(name) is null);

    private static string OlderName(string collector) => collector + "_collector";

    /// <summary>Without an address nothing was sent. What neither form knows stays, to be refused.</summary>
    private static ConfigObject ToPresentForm(ConfigObject given)
    {
        if (!IsOlderForm(given))
            return given;
        var push = given["push_gateway"] as ConfigObject ?? ConfigObject.Empty;
        foreach (var name in s_taken)
            (push, given) = Moved(push, given, name, name);
        (push, given) = given[Server] is null ? (push.With("enable", false), given) : Moved(push, given, Server, "url");
        var collectors = given["collectors"] as ConfigObject ?? ConfigObject.Empty;
        foreach (var name in s_collectors)
            (collectors, given) = Moved(collectors, given, OlderName(name), name);
        return given.With("push_gateway", push).With("collectors", collectors);
    }

    private static (ConfigObject Into, ConfigObject From) Moved(ConfigObject into, ConfigObject from, string name, string newName) =>
        from[name] is { } value ? (into.With(newName, value), from.Without(name)) : (into, from);

    private static PrometheusSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var push = read.Part("push_gateway");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in push.Object("headers") ?? ConfigObject.Empty)
            headers[name] = ((ConfigText)value).Text;
        return new(read.Flag("enable_basic_auth"),
            new(push.Flag("enable"), push.Text("method"), push.Text("url"), push.Milliseconds("interval"), headers, push.Text("job_name")));
    }
}
