using System.Net;
using System.Text;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>What the export of OpenTelemetry costs a process that has it off: nothing.</summary>
public sealed class OpenTelemetryProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-otel").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_assembly_of_it_is_loaded_before_it_is_switched_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files of a process are read from /proc");
        await using var server = await ServerProcess.StartAsync(_folder);
        Assert.True(server.HasLoaded("Emqx.Broker.dll"));
        Assert.False(server.HasLoaded("Emqx.Drivers.dll"));
        Assert.False(server.HasLoaded("OpenTelemetry"));

        using var on = new StringContent("opentelemetry { metrics { enable = true }, exporter { endpoint = \"http://127.0.0.1:1\" } }", Encoding.UTF8, "text/plain");
        using var answer = await server.Http.PutAsync(new Uri("api/v5/configs", UriKind.Relative), on);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(() => server.HasLoaded("OpenTelemetry.dll"), "the package is loaded");
    }

    [Fact]
    public async Task It_has_no_operation_as_in_EMQXs_open_source_edition()
    {
        await using var app = new EmqxApp();
        using var key = app.WithKey();
        using var found = await key.GetAsync(new Uri("/api/v5/opentelemetry", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
    }
}
