using System.Net;
using System.Text;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>What clients of other systems cost a process that asks none: nothing.</summary>
public sealed class DriversProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-drivers").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_assembly_of_Redis_is_loaded_before_it_is_asked()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files of a process are read from /proc");
        await using var server = await ServerProcess.StartAsync(_folder);
        await PutAsync(server, "authentication = [{ mechanism = password_based, backend = built_in_database }]");
        Assert.False(server.HasLoaded("Emqx.Drivers.dll"));

        await PutAsync(server, "authentication = [{ mechanism = password_based, backend = redis, redis_type = single, server = \"127.0.0.1:1\", cmd = \"HGET u password\" }]");
        Assert.False(server.HasLoaded("StackExchange.Redis.dll"));
        await Assert.ThrowsAsync<ExpectationException>(() => server.ConnectAsync(new ConnectOptions { Username = "ann", Password = "p"u8.ToArray() }));
        Assert.True(server.HasLoaded("StackExchange.Redis.dll"));
    }

    [Fact]
    public async Task No_assembly_of_PostgreSQL_is_loaded_before_it_is_asked_and_its_password_is_not_shown()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the files of a process are read from /proc");
        await using var server = await ServerProcess.StartAsync(_folder);
        const string settings = "backend = postgresql, server = \"127.0.0.1:1\", database = d, username = u, password = \"hidden-word\", query = \"SELECT 1\"";
        await PutAsync(server, $"authentication = [{{ mechanism = password_based, {settings} }}]");
        Assert.False(server.HasLoaded("Npgsql.dll"));
        var shown = await server.Http.GetStringAsync(new Uri("api/v5/authentication/password_based:postgresql", UriKind.Relative));
        Assert.Contains("\"password\":\"******\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", shown, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ExpectationException>(() => server.ConnectAsync(new ConnectOptions { Username = "ann", Password = "p"u8.ToArray() }));
        Assert.True(server.HasLoaded("Npgsql.dll"));
        Assert.DoesNotContain("hidden-word", server.Output, StringComparison.Ordinal);
    }

    private static async Task PutAsync(ServerProcess server, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var answer = await server.Http.PutAsync(new Uri("api/v5/configs?mode=replace", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
