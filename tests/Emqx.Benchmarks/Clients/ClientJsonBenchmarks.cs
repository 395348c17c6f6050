using BenchmarkDotNet.Attributes;
using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Clients;
using Emqx.Mgmt.Api.Json;
using Emqx.TestKit.Clients;

namespace Emqx.Benchmarks.Clients;

/// <summary>Writing a page of a hundred clients as JSON, all fields and a few.</summary>
[MemoryDiagnoser]
public class ClientJsonBenchmarks
{
    private readonly ClientRow[] _rows = [.. Enumerable.Range(0, 100).Select(i =>
        new ClientRow("emqx@127.0.0.1", new FakeClient($"client-{i:0000}", "user" + i, connectedAt: 1_795_000_000_000 + i * 1_700_000)))];

    private readonly ClientColumns _some = ClientColumns.Parse("clientid,username,connected,ip_address", out _)!;

    [Benchmark]
    public int AllFields() => Write(ClientColumns.All);

    [Benchmark]
    public int FourFields() => Write(_some);

    private int Write(ClientColumns columns)
    {
        using var json = new RowBuffer(128 * 1024, new RowTime(TimeZoneInfo.Utc));
        foreach (var row in _rows)
            ClientJsonWriter.Write(json, row, columns);
        return json.Length;
    }
}
