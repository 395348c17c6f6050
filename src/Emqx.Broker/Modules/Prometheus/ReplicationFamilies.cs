namespace Emqx.Broker.Modules.Prometheus;

/// <summary>
/// The families of EMQX's replicated database (Mria), as a node shows them that nobody follows. There is no such database here; who watches EMQX's own panels finds their series.
/// </summary>
internal static class ReplicationFamilies
{
    private const string Prefix = "emqx_mria_";

    /// <summary>Tables that EMQX replicates together.</summary>
    private static readonly string[] s_shards =
    [
        "$mria_meta_shard", "emqx_acl_sharded", "emqx_authn_shard", "emqx_cluster_rpc_shard", "emqx_cm_shard", "emqx_common_shard", "emqx_dashboard_shard", "emqx_exclusive_shard",
        "emqx_gateway_cm_shard", "emqx_psk_shard", "emqx_retainer_shard", "emqx_shared_sub_shard", "emqx_telemetry_shard", "route_shard",
    ];

    /// <summary>In the text alone, as in EMQX.</summary>
    public static readonly PrometheusGroup Group = new("mria", PrometheusForm.TextOnly,
    [
        OfShards("last_intercepted_trans", "The last change that was passed on: there is none.", double.NaN),
        OfShards("weight", "Always 0: nobody follows.", 0),
        OfShards("replicants", "Always 0: nobody follows.", 0),
        OfShards("server_mql", "Always 0: nobody follows.", 0),
        OfFollowers("lag", "Of followers, which there are none of."),
        OfFollowers("bootstrap_time", "Of followers, which there are none of."),
        OfFollowers("bootstrap_num_keys", "Of followers, which there are none of."),
        OfFollowers("message_queue_len", "Of followers, which there are none of."),
        OfFollowers("replayq_len", "Of followers, which there are none of."),
    ]);

    private static PrometheusFamily OfShards(string name, string help, double value)
    {
        PrometheusSample[] samples = [.. s_shards.Select(shard => new PrometheusSample([new("shard", shard)], value))];
        return new(Prefix + name, PrometheusType.Gauge, PrometheusScope.Machine, help, _ => samples);
    }

    private static PrometheusFamily OfFollowers(string name, string help) => PrometheusFamily.None(Prefix + name, PrometheusType.Gauge, help);
}
