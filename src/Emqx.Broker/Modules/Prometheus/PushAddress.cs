using System.Text;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>The address that metrics are pushed to: that of the gateway, and the job's name.</summary>
internal static class PushAddress
{
    private const int Longest = 2048, LongestJob = 1024;

    /// <summary>What is wrong with a gateway's address; null where nothing is.</summary>
    public static string? ProblemOf(string url) =>
        url.Length <= Longest && (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal))
            && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0
            ? null
            : "Invalid url";

    /// <summary>What is wrong with a job's name; null where nothing is.</summary>
    public static string? ProblemOfJob(string job) => job.Length <= LongestJob ? null : $"too long: at most {LongestJob} characters";

    /// <summary>Where a node's metrics go.</summary>
    /// <param name="node">Its name, <c>emqx@127.0.0.1</c>.</param>
    /// <param name="cluster">The cluster's name.</param>
    public static Uri Of(PushGatewaySettings settings, string node, string cluster)
    {
        var at = node.IndexOf('@', StringComparison.Ordinal);
        var job = new StringBuilder(settings.JobName)
            .Replace("${cluster_name}", cluster)
            .Replace("${name}", at < 0 ? node : node[..at])
            .Replace("${host}", at < 0 ? "" : node[(at + 1)..]);
        return new Uri($"{settings.Url}/metrics/job/{job}");
    }
}
