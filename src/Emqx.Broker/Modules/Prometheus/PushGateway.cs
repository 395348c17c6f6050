using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Sends the node's metrics to a push gateway, while that is on: one sending at a time, so that a slow gateway gets fewer.</summary>
internal sealed class PushGateway : INodeModule, IDisposable
{
    private static readonly IReadOnlyList<PrometheusGroup> s_groups = [.. StatsFamilies.Groups, .. AuthFamilies.Groups, .. IntegrationFamilies.Groups];
    private readonly IPrometheusDirectory _metrics;
    private readonly SettingsRoot<PrometheusSettings> _settings;
    private readonly PushClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue<PushGatewaySettings> _due = new(capacity: 1);
    private long _next; // steady milliseconds
    private bool _fails;

    public PushGateway(IPrometheusDirectory metrics, SettingsRoot<PrometheusSettings> settings, PushClient client, TimeProvider time, ILogger<PushGateway> logger)
    {
        (_metrics, _settings, _client, _time, _logger) = (metrics, settings, client, time, logger);
        StartAnew(settings.Current, settings.Current);
        settings.Changed += StartAnew;
    }

    public Task RunAsync(CancellationToken cancellation) => _due.RunAsync(SendAsync, _logger, cancellation);

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var push = _settings.Current.PushGateway;
        var steady = _time.SteadyMilliseconds();
        if (!push.Enable || steady < Volatile.Read(ref _next))
            return ValueTask.CompletedTask;
        Volatile.Write(ref _next, steady + push.Interval);
        _due.Add(push);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _settings.Changed -= StartAnew;

    /// <summary>A change counts from now on: as in EMQX the first sending comes an interval later.</summary>
    private void StartAnew(PrometheusSettings before, PrometheusSettings after) => Volatile.Write(ref _next, _time.SteadyMilliseconds() + after.PushGateway.Interval);

    private async ValueTask SendAsync(PushGatewaySettings push, CancellationToken cancellation)
    {
        if (_settings.Current.PushGateway != push)
            return; // changed or off meanwhile
        var nodes = await _metrics.ListAsync(PrometheusMode.Node, cancellation).ConfigureAwait(false);
        var reason = await _client.SendAsync(push, PrometheusText.Write(s_groups, PrometheusMode.Node, nodes), cancellation).ConfigureAwait(false);
        if (reason is not null && !_fails)
            PrometheusLog.NotPushed(_logger, reason);
        else if (reason is null && _fails)
            PrometheusLog.PushedAgain(_logger);
        _fails = reason is not null;
    }
}
