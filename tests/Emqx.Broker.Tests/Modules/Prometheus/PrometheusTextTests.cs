using System.Globalization;
using System.Text.RegularExpressions;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Monitoring;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Prometheus;

/// <summary>The text is what Prometheus's own parser takes: a family's type and help once, before its samples, which stand together.</summary>
public sealed partial class PrometheusTextTests
{
    private static readonly IReadOnlyList<PrometheusGroup> s_all = [.. StatsFamilies.Groups, .. AuthFamilies.Groups, .. IntegrationFamilies.Groups];

    private static NodeTagged<PrometheusSnapshot> Node(string name, long received) => new(name, new PrometheusSnapshot(
        new StatsSnapshot([.. Stat.All.Select((_, at) => (long)at)], [.. Stat.All.Select((_, at) => at + 100L)]),
        new MetricsSnapshot([.. Metric.Names.Select(metric => metric == "messages.received" ? received : 0)]),
        new MachineReading(12.5, 3, 1000, 600),
        new ListenerReading([new([new("listener_type", "tcp"), new("listener_name", "a\"b\\c\nd"), new("reason", "kicked")], 2)], [new([new("listener_type", "ssl")], 1_904_285_225)]),
        new ClusterReading(2, 1, 7, 5, [])));

    private static List<string> Write(PrometheusMode mode, params NodeTagged<PrometheusSnapshot>[] nodes) => [.. PrometheusText.Write(s_all, mode, nodes).Split('\n')[..^1]];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_line_and_the_order_of_lines_is_what_the_parser_wants(int mode)
    {
        HashSet<string> seen = [];
        HashSet<string> samples = [];
        var family = "";
        foreach (var line in Write((PrometheusMode)mode, Node("a@h", 1), Node("b@h", 2)))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                family = type.Groups[1].Value;
                Assert.True(seen.Add(family), $"{family} twice");
            }
            else if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Assert.StartsWith($"# HELP {family} ", line, StringComparison.Ordinal);
            }
            else
            {
                var sample = SampleLine().Match(line);
                Assert.True(sample.Success, line);
                Assert.Equal(family, sample.Groups[1].Value);
                Assert.True(samples.Add(sample.Groups[1].Value + sample.Groups[2].Value), $"twice: {line}");
                Assert.True(double.TryParse(sample.Groups[3].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), line);
            }
        }

        Assert.InRange(seen.Count, 150, 250);
    }

    [Fact]
    public void A_node_s_own_samples_have_no_node_label()
    {
        var lines = Write(PrometheusMode.Node, Node("a@h", 4));
        Assert.Contains("emqx_messages_received 4", lines);
        Assert.Contains("emqx_vm_cpu_use 12.5", lines);
        Assert.Contains("emqx_cert_expiry_at{listener_type=\"ssl\"} 1904285225", lines);
        Assert.DoesNotContain(lines, line => line.Contains("node=", StringComparison.Ordinal));
        Assert.Contains("# TYPE emqx_connections_count gauge", lines);
        Assert.Contains("# TYPE emqx_messages_received counter", lines);
    }

    [Fact]
    public void The_families_of_replication_are_those_of_a_node_that_nobody_follows()
    {
        var lines = Write(PrometheusMode.Node, Node("a@h", 4));
        Assert.Contains("emqx_mria_last_intercepted_trans{shard=\"route_shard\"} NaN", lines);
        Assert.Contains("emqx_mria_replicants{shard=\"emqx_common_shard\"} 0", lines);
        Assert.Contains("# TYPE emqx_mria_lag gauge", lines);
        Assert.DoesNotContain(lines, static line => line.StartsWith("emqx_mria_lag", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_are_escaped() => Assert.Contains(
        "emqx_client_disconnected_reason{listener_type=\"tcp\",listener_name=\"a\\\"b\\\\c\\nd\",reason=\"kicked\"} 2", Write(PrometheusMode.Node, Node("a@h", 1)));

    [Fact]
    public void Of_all_nodes_together_counters_are_added_up_and_machines_are_not()
    {
        var lines = Write(PrometheusMode.AllNodesAggregated, Node("a@h", 4), Node("b@h", 5));
        Assert.Contains("emqx_messages_received 9", lines);
        Assert.Contains("emqx_vm_run_queue{node=\"a@h\"} 3", lines);
        Assert.Contains("emqx_vm_run_queue{node=\"b@h\"} 3", lines);
        Assert.Contains(lines, line => line.EndsWith("reason=\"kicked\"} 4", StringComparison.Ordinal));
        Assert.Contains("emqx_banned_count 5", lines);
        Assert.Contains("emqx_topics_count 11", lines);
    }

    [Fact]
    public void Of_all_nodes_one_by_one_every_node_has_its_samples_but_for_what_the_cluster_has_once()
    {
        var lines = Write(PrometheusMode.AllNodesUnaggregated, Node("a@h", 4), Node("b@h", 5));
        Assert.Contains("emqx_messages_received{node=\"a@h\"} 4", lines);
        Assert.Contains("emqx_messages_received{node=\"b@h\"} 5", lines);
        Assert.Contains("emqx_topics_count 11", lines);
        Assert.Contains("emqx_cert_expiry_at{listener_type=\"ssl\"} 1904285225", lines);
    }

    [Fact]
    public void Every_counter_and_statistic_of_the_node_is_among_the_families_or_left_out_by_EMQX_too()
    {
        var lines = Write(PrometheusMode.Node, Node("a@h", 1));
        var missing = Metric.Names.Where(name => !lines.Exists(line => line.StartsWith("# HELP ", StringComparison.Ordinal) && line.EndsWith(' ' + name, StringComparison.Ordinal)));
        Assert.Equal(["messages.persisted", "messages.transformation_failed", "messages.transformation_succeeded", "messages.validation_failed",
            "messages.validation_succeeded", "overload_protection.delay.ok", "overload_protection.delay.timeout", "overload_protection.gc",
            "overload_protection.hibernation", "overload_protection.new_conn"], missing.Order(StringComparer.Ordinal));
        Assert.All(Stat.All, stat => Assert.Contains($"# HELP emqx_{stat.Name.Replace('.', '_')}_max {stat.Name}.max", lines));
    }

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:gauge|counter)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?[0-9.eE+-]+|NaN)$""")]
    private static partial Regex SampleLine();
}
