using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using static Emqx.Broker.Modules.Prometheus.PrometheusFamily;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>
/// What <c>/prometheus/stats</c> shows, under EMQX's names and in its order. Of the virtual machine those families are here that mean something of
/// any process.
/// </summary>
internal static class StatsFamilies
{
    private const string Prefix = "emqx_";

    private static readonly string[] s_ownStats =
    [
        "connections", "live_connections", "sessions", "channels", "suboptions", "subscribers", "subscriptions", "durable_subscriptions", "delayed",
    ];

    private static readonly string[] s_clusterStats = ["cluster_sessions", "topics", "retained", "subscriptions.shared"];

    private static readonly string[] s_packets =
    [
        "bytes.received", "bytes.sent", "packets.received", "packets.sent", "packets.connect.received", "packets.connack.sent", "packets.connack.error",
        "packets.connack.auth_error", "packets.subscribe.received", "packets.subscribe.auth_error", "packets.subscribe.error", "packets.suback.sent",
        "packets.unsubscribe.received", "packets.unsubscribe.error", "packets.unsuback.sent", "packets.publish.received", "packets.publish.sent",
        "packets.publish.inuse", "packets.publish.error", "packets.publish.auth_error", "packets.publish.dropped", "packets.puback.received",
        "packets.puback.sent", "packets.puback.inuse", "packets.puback.missed", "packets.pubrec.received", "packets.pubrec.sent", "packets.pubrec.inuse",
        "packets.pubrec.missed", "packets.pubrel.received", "packets.pubrel.sent", "packets.pubrel.missed", "packets.pubcomp.received",
        "packets.pubcomp.sent", "packets.pubcomp.inuse", "packets.pubcomp.missed", "packets.pingreq.received", "packets.pingresp.sent",
        "packets.disconnect.received", "packets.disconnect.sent", "packets.auth.received", "packets.auth.sent",
    ];

    private static readonly string[] s_messages =
    [
        "messages.received", "messages.sent", "messages.qos0.received", "messages.qos0.sent", "messages.qos1.received", "messages.qos1.sent",
        "messages.qos2.received", "messages.qos2.sent", "messages.publish", "messages.dropped", "messages.dropped.await_pubrel_timeout",
        "messages.dropped.no_subscribers", "messages.forward", "messages.retained", "messages.delayed", "messages.delivered", "messages.acked",
    ];

    private static readonly string[] s_delivery =
    [
        "delivery.dropped", "delivery.dropped.no_local", "delivery.dropped.too_large", "delivery.dropped.qos0_msg", "delivery.dropped.queue_full",
        "delivery.dropped.expired",
    ];

    private static readonly string[] s_client =
    [
        "client.connect", "client.connack", "client.connected", "client.authenticate", "client.auth.anonymous", "client.authorize", "client.subscribe",
        "client.unsubscribe", "client.disconnected",
    ];

    private static readonly string[] s_session = ["session.created", "session.resumed", "session.takenover", "session.discarded", "session.terminated"];

    private static readonly string[] s_acl =
    [
        "authorization.allow", "authorization.deny", "authorization.cache_hit", "authorization.cache_miss", "authorization.superuser",
        "authorization.nomatch", "authorization.matched.allow", "authorization.matched.deny",
    ];

    private static readonly string[] s_authn = ["authentication.success", "authentication.success.anonymous", "authentication.failure"];

    /// <summary>Names that are not the counter's with other dots.</summary>
    private static readonly Dictionary<string, string> s_odd = new()
    {
        ["packets.connect.received"] = "packets_connect",
        ["messages.dropped.await_pubrel_timeout"] = "messages_dropped_expired",
    };

    public static readonly IReadOnlyList<PrometheusGroup> Groups =
    [
        new("stats", PrometheusForm.Object, [.. OfStats(s_ownStats, PrometheusScope.Summed), .. OfStats(s_clusterStats, PrometheusScope.Cluster)]),
        new("metrics", PrometheusForm.Machine,
        [
            Machine("vm_cpu_use", "Percent of the processors' time in use.", static machine => machine.CpuUse),
            Machine("vm_cpu_idle", "Percent of the processors' time not in use.", static machine => Math.Round(100 - machine.CpuUse, 2)),
            Machine("vm_run_queue", "Pieces of work that wait for a thread.", static machine => machine.RunQueue),
            Machine("vm_process_messages_in_queues", "Always 0: there are no Erlang processes.", static _ => 0),
            Machine("vm_total_memory", "Bytes of the machine's memory.", static machine => machine.MemoryTotal),
            Machine("vm_used_memory", "Bytes of the machine's memory in use.", static machine => machine.MemoryUsed),
            Machine("vm_mnesia_tm_mailbox_size", "Always 0: there is no Mnesia.", static _ => 0),
            Machine("vm_broker_pool_max_mailbox_size", "Always 0: there are no Erlang processes.", static _ => 0),
        ]),
        new("cluster", PrometheusForm.Object,
        [
            Gauge(Prefix + "cluster_nodes_running", PrometheusScope.Machine, "Nodes of the cluster that run.", static node => node.Cluster.Running),
            Gauge(Prefix + "cluster_nodes_stopped", PrometheusScope.Machine, "Nodes of the cluster that do not run.", static node => node.Cluster.Stopped),
        ]),
        new("packets", PrometheusForm.Object, OfCounters(s_packets)),
        new("messages", PrometheusForm.Object, OfCounters(s_messages)),
        new("delivery", PrometheusForm.Object, OfCounters(s_delivery)),
        new("client", PrometheusForm.List,
        [
            .. OfCounters(s_client),
            new(Prefix + "client_disconnected_reason", PrometheusType.Counter, PrometheusScope.Summed, "Connections that have ended, by listener and reason.",
                static node => node.Listeners.Ends),
        ]),
        new("session", PrometheusForm.Object, OfCounters(s_session)),
        new("olp", PrometheusForm.Object, []), // as in EMQX while overload protection is off
        new("acl", PrometheusForm.Object, OfCounters(s_acl)),
        new("authn", PrometheusForm.Object, OfCounters(s_authn)),
        new("certs", PrometheusForm.List,
        [
            new(Prefix + "cert_expiry_at", PrometheusType.Gauge, PrometheusScope.Cluster, "When a listener's certificate expires, in seconds since 1970.",
                static node => node.Listeners.Expiries),
        ]),
        new("cluster_rpc", PrometheusForm.Object,
            [Gauge(Prefix + "conf_sync_txid", PrometheusScope.Machine, "Changes of the configuration.", static node => node.Cluster.Changes)]),
        ReplicationFamilies.Group,
    ];

    private static PrometheusFamily Machine(string name, string help, Func<MachineReading, double> read) =>
        Gauge(Prefix + name, PrometheusScope.Machine, help, node => read(node.Machine));

    private static IEnumerable<PrometheusFamily> OfStats(string[] names, PrometheusScope scope)
    {
        foreach (var name in names)
        {
            var at = Array.FindIndex(Stat.All, stat => stat.Name == name); // of durable ones there are none
            yield return Gauge(FamilyOf(name) + "_count", scope, name + ".count", node => at < 0 ? 0 : node.Stats.Counts[at]);
            yield return Gauge(FamilyOf(name) + "_max", scope, name + ".max", node => at < 0 ? 0 : node.Stats.Maxima[at]);
        }
    }

    private static PrometheusFamily[] OfCounters(string[] names) => [.. names.Select(static name =>
    {
        var at = Array.IndexOf(Metric.Names, name); // messages.retained is in EMQX's list alone, and always 0
        return Counter(FamilyOf(name), name, node => at < 0 ? 0 : node.Counters.Values[at]);
    })];

    private static string FamilyOf(string name) => Prefix + (s_odd.GetValueOrDefault(name) ?? name.Replace('.', '_'));
}
