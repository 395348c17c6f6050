using Emqx.Broker.Integration;
using Emqx.Broker.Integration.Connectors;
using Emqx.Broker.Schema;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Integration;

/// <summary>A connector to a list in memory, which may be away.</summary>
internal sealed class SampleConnector(string inbox) : IConnector
{
    public static readonly ConnectorType Type = new("sample", Struct(Required("inbox", Text)), (settings, _) => new SampleConnector(new SettingsReader(settings).Text("inbox")));

    private bool _open;

    /// <summary>The other system.</summary>
    public Dictionary<string, List<string>> Inboxes { get; } = [];

    public bool IsAway { get; set; }

    public ValueTask<ResourceHealth> StartAsync(CancellationToken cancellation)
    {
        _open = !IsAway;
        return CheckAsync(cancellation);
    }

    public ValueTask<ResourceHealth> CheckAsync(CancellationToken cancellation) => new(IsAway ? ResourceHealth.Disconnected("away") : ResourceHealth.Connected);

    public ValueTask StopAsync(CancellationToken cancellation)
    {
        _open = false;
        return default;
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    /// <summary>Puts a line into the inbox; false where it is not reached.</summary>
    public bool TryPut(string line)
    {
        if (!_open || IsAway)
            return false;
        Inboxes.TryAdd(inbox, []);
        Inboxes[inbox].Add(line);
        return true;
    }
}
