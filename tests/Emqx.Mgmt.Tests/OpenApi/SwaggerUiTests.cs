using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Playwright;
using Xunit;

namespace Emqx.Mgmt.Tests.OpenApi;

/// <summary>Swagger UI in a real browser: Debian's chromium, driven by Playwright.</summary>
public sealed class SwaggerUiTests : IDisposable
{
    private static readonly string[] s_browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-ui").FullName;

    [Fact]
    public async Task Authorized_with_an_API_key_the_page_lists_a_connected_client()
    {
        var chromium = s_browsers.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "chromium is not installed");
        await using var server = await ServerProcess.StartAsync(_folder);
        var clientId = Unique.Name("browser");
        await using var client = await server.ConnectAsync(new ConnectOptions { ClientId = clientId });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);

        await page.GotoAsync(new Uri(server.Http.BaseAddress!, "api-docs").ToString());
        await AuthorizeAsync(page);
        await page.Locator(".operation-filter-input").FillAsync("Clients"); // of many operations the page holds those that are in sight
        var operation = page.Locator(".opblock-get", new() { Has = page.Locator("[data-path='/clients']") });
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        await operation.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
        var answer = operation.Locator(".live-responses-table .response").First;
        await Assertions.Expect(answer.Locator(".response-col_status")).ToHaveTextAsync("200");
        await Assertions.Expect(answer.Locator(".response-col_description")).ToContainTextAsync(clientId);
        Assert.Empty(complaints);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task AuthorizeAsync(IPage page)
    {
        await page.Locator(".auth-wrapper button.authorize").ClickAsync();
        var form = page.Locator(".auth-container", new() { Has = page.Locator("#auth-basic-username") });
        await form.Locator("#auth-basic-username").FillAsync(ServerProcess.Key);
        await form.Locator("#auth-basic-password").FillAsync(ServerProcess.Secret);
        await form.Locator("button.authorize").ClickAsync();
        await page.Locator("button.btn-done").First.ClickAsync();
    }
}
