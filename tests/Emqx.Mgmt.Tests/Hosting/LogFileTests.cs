using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Emqx.Mgmt.Tests.Hosting;

/// <summary>Log files that cannot be written: refused with their name, and nothing changes.</summary>
public sealed class LogFileTests : IDisposable
{
    private readonly EmqxApp _app = new();
    private readonly HttpClient _client;
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-logs").FullName;

    public LogFileTests()
    {
        _client = _app.WithKey();
        File.WriteAllText(Path.Combine(_folder, "file"), "");
    }

    public void Dispose()
    {
        _client.Dispose();
        _app.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("FOLDER"), InlineData("FOLDER/file/x.log"), InlineData("/proc/x.log"), InlineData("FOLDER/new/LONG.log"), InlineData("")]
    public async Task A_file_that_cannot_be_written_is_refused_with_its_name(string path)
    {
        var file = path.Replace("FOLDER", _folder, StringComparison.Ordinal).Replace("LONG", new string('x', 300), StringComparison.Ordinal);
        var change = $$$$$"""{"file":{"default":{"enable":false},"more":{"enable":true,"path":"{{{{{file}}}}}"}}}""";
        var before = await LogAsync();
        using var json = await _client.PutAsync(new Uri("/api/v5/configs/log", UriKind.Relative), Answers.Json(change));
        Assert.Equal("400 BAD_REQUEST", await json.FailureAsync());
        var reason = JsonDocument.Parse(await json.MessageAsync()).RootElement;
        Assert.Equal(("log.file.more.path", file), (reason.GetProperty("path").GetString(), reason.GetProperty("value").GetString()));
        Assert.StartsWith("cannot be written: ", reason.GetProperty("reason").GetString(), StringComparison.Ordinal);

        using var text = await _client.PutAsync(new Uri("/api/v5/configs", UriKind.Relative), new StringContent($"log {change}", Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.BadRequest, text.StatusCode);
        Assert.StartsWith("""{"errors":{"log":{""", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await LogAsync());
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_can_be_written_and_one_that_is_off_are_taken()
    {
        var change = $$$$$"""{"file":{"more":{"enable":true,"path":"{{{{{_folder}}}}}/new/x.log"},"off":{"enable":false,"path":"/proc/x.log"}}}""";
        using var answer = await _client.PutAsync(new Uri("/api/v5/configs/log", UriKind.Relative), Answers.Json(change));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<string> LogAsync() => _client.GetStringAsync(new Uri("/api/v5/configs/log", UriKind.Relative));
}
