using Emqx.Broker.Integration;
using Emqx.Broker.Integration.Actions;
using Emqx.Broker.Schema;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Integration;

/// <summary>Puts one column of each row into the sample connector's inbox.</summary>
internal sealed class SampleAction(SampleConnector connector, string column) : IAction
{
    public static readonly ActionType Type = new("sample", "sample", Struct(Field("column", Text, "payload")),
        (parameters, connector) => new SampleAction((SampleConnector)connector, new SettingsReader(parameters).Text("column")));

    public ValueTask<SendOutcome> SendAsync(IReadOnlyList<ActionRow> rows, CancellationToken cancellation)
    {
        foreach (var row in rows)
        {
            if (row.Columns.GetValueOrDefault(column) is not string text)
                return new(SendOutcome.Refused($"no {column}"));
            if (!connector.TryPut(text))
                return new(SendOutcome.Later("away"));
        }

        return new(SendOutcome.Sent);
    }

    public ValueTask<ResourceHealth> CheckAsync(CancellationToken cancellation) => connector.CheckAsync(cancellation);
}
