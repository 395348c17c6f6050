using System.Text;
using Emqx.Mgmt.Tests.Api.Whole;
using Emqx.Mgmt.Tests.Conventions;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>Requests that EMQX 5.8.9 was seen to refuse: <c>recorded.txt</c> has a line each, with method, path, body, status and code, tabs between.</summary>
public sealed class RecordedRequestTests
{
    [Fact]
    public async Task What_EMQX_refuses_is_refused_with_its_status_and_code()
    {
        await using var api = await FilledServer.StartAsync();
        await FilledServer.FillAsync(api);
        var problems = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "tests/Emqx.Mgmt.Tests/Api/WrongRequests/recorded.txt"), Encoding.UTF8))
        {
            count++;
            var parts = line.Split('\t');
            var (method, path, sent, expected) = (parts[0], parts[1], parts[2], parts[3]);
            using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v5" + path) { Content = sent.Length == 0 ? null : Answers.Json(sent) };
            using var answer = await api.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode < 400 || !text.Contains("\"code\"", StringComparison.Ordinal) || await answer.FailureAsync() != expected)
                problems.Add($"{method} {path} {sent}: {(int)answer.StatusCode} {text}, not {expected}");
        }

        Assert.InRange(count, 300, 5000);
        Assert.True(problems.Count == 0, $"{problems.Count}:\n{string.Join('\n', problems)}");
    }
}
