using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Prometheus;

/// <summary>Whose metrics are wanted.</summary>
/// <param name="Mode">This node's, those of all nodes together, or those of all nodes one by one.</param>
internal sealed record PrometheusQuery(PrometheusMode Mode = PrometheusMode.Node) : IQueryString<PrometheusQuery>;

/// <summary>
/// The settings of Prometheus: <c>enable_basic_auth</c>, <c>push_gateway</c>, <c>collectors</c>; what is left out gets its default. The flat form of older
/// releases is taken, too.
/// </summary>
[Kind(typeof(PrometheusBodyKind))]
internal sealed record PrometheusRequest(ConfigObject Given) : IJsonBody<PrometheusRequest>
{
    /// <summary>The change that the body comes to, or what is wrong with it.</summary>
    public SettingsProposal<IReadOnlyList<Violation>> Propose(PresentSettings present) => present.Propose(PrometheusRoot.Root, "root", Given, Completion.Defaults);
}

/// <summary>Either form of the settings. What is wrong is told in the form that was sent.</summary>
internal sealed class PrometheusBodyKind : ValueKind
{
    public override string Name => PrometheusRoot.Root.Kind.Name;

    public override ValueKind Shape => PrometheusRoot.Root.Kind;

    public override ConfigValue? Check(ConfigValue value, Inspection at) =>
        (value is ConfigObject given && PrometheusRoot.IsOlderForm(given) ? PrometheusRoot.OlderForm : PrometheusRoot.Root.Kind).Check(value, at);
}

/// <summary>The settings of Prometheus.</summary>
/// <param name="EnableBasicAuth">Whether who reads the metrics needs an API key or a token.</param>
/// <param name="PushGateway">Where the metrics are sent.</param>
/// <param name="Collectors">Metrics of the Erlang virtual machine, which is not there.</param>
internal sealed record PrometheusResponse(bool EnableBasicAuth, PushGatewayResponse PushGateway, IReadOnlyDictionary<string, string> Collectors);

/// <summary>Where the metrics are sent.</summary>
/// <param name="Enable">Whether they are.</param>
/// <param name="Method">put or post.</param>
/// <param name="Url">Address of the push gateway.</param>
/// <param name="Interval">Time from one sending to the next.</param>
/// <param name="Headers">Headers of the requests.</param>
/// <param name="JobName">Name of the job.</param>
internal sealed record PushGatewayResponse(bool Enable, string Method, string Url, string Interval, IReadOnlyDictionary<string, string> Headers, string JobName);

/// <summary>Metrics by group and name; lists of them where nodes are told apart.</summary>
internal sealed class PrometheusMetrics : Dictionary<string, JsonElement>;

[JsonSerializable(typeof(PrometheusResponse))]
[JsonSerializable(typeof(PrometheusMetrics))]
internal sealed partial class PrometheusJson : JsonSerializerContext;
