using Emqx.Broker.Integration;
using Emqx.Broker.Integration.Sources;
using Emqx.Broker.Schema;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Integration;

/// <summary>Brings what is in the sample connector's inbox at its start.</summary>
internal sealed class SampleSource(SampleConnector connector, string inbox) : ISource
{
    public static readonly SourceType Type = new("sample", "sample", Struct(Required("inbox", Text)),
        (parameters, connector) => new SampleSource((SampleConnector)connector, new SettingsReader(parameters).Text("inbox")));

    public async ValueTask<ResourceHealth> StartAsync(SourceDelivery deliver, CancellationToken cancellation)
    {
        foreach (var line in connector.Inboxes.GetValueOrDefault(inbox, []))
            await deliver(new Dictionary<string, object?> { ["payload"] = line }, cancellation);
        return await CheckAsync(cancellation);
    }

    public ValueTask<ResourceHealth> CheckAsync(CancellationToken cancellation) => connector.CheckAsync(cancellation);

    public ValueTask StopAsync(CancellationToken cancellation) => default;

    public ValueTask DisposeAsync() => default;
}
