using System.Net;
using System.Text.Json.Serialization;
using Emqx.Broker.Node;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage.InMemory;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Routing;
using Emqx.Mgmt.Api.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>What ASP.NET offers for groups and endpoints acts on the API's own, and endpoints of others are served beside them.</summary>
public sealed class SeamTests : IAsyncLifetime
{
    private const string Nobody = "nobody";
    private const string Mark = "X-Filtered";

    private readonly WebApplication _app = Compose();
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        await _app.Services.GetRequiredService<ApiKeyRing>().BootstrapAsync("seams", "key", "secret", CancellationToken.None);
        await _app.StartAsync();
        _http = _app.GetTestClient();
        _http.DefaultRequestHeaders.Authorization = EmqxApp.Basic("key", "secret");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_filter_on_a_group_runs_around_its_handlers() =>
        Assert.Equal("{filtered: hello}", await _http.GetStringAsync("/api/v5/filtered/hello"));

    [Fact]
    public async Task A_filter_on_an_operation_may_answer_in_the_handlers_place()
    {
        using var answer = await _http.GetAsync("/api/v5/refused");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task A_policy_on_a_group_is_asked()
    {
        using var answer = await _http.GetAsync("/api/v5/closed");
        Assert.Equal("403 FORBIDDEN", await answer.FailureAsync());
    }

    [Fact]
    public async Task A_policy_on_an_operation_is_asked_beside_that_of_its_group()
    {
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/v5/keyed")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync("/api/v5/keyed/nobody")).StatusCode);
    }

    [Fact]
    public async Task A_group_without_a_policy_is_open()
    {
        using var anonymous = _app.GetTestClient();
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync("/api/v5/filtered/hello")).StatusCode);
        Assert.Equal("401 AUTHORIZATION_HEADER_ERROR", await (await anonymous.GetAsync("/api/v5/keyed")).FailureAsync());
    }

    [Fact]
    public async Task Nothing_authenticates_a_request_that_no_policy_asks_about() =>
        Assert.Equal("none", await _http.GetStringAsync("/api/v5/authenticated"));

    [Fact]
    public async Task A_filter_also_runs_when_binding_failed_and_the_failure_is_answered()
    {
        using var answer = await _http.GetAsync("/api/v5/marked?limit=0");
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Contains("limit", await answer.MessageAsync(), StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains(Mark));
    }

    [Fact]
    public async Task A_page_is_made_of_rows_and_of_what_is_known_of_the_rest()
    {
        Assert.Equal("""{"data":["c","d"],"meta":{"page":2,"limit":2,"count":5,"hasnext":true}}""", await _http.GetStringAsync("/api/v5/pages/whole?page=2&limit=2"));
        Assert.Equal("""{"data":["e"],"meta":{"page":3,"limit":2,"count":5,"hasnext":false}}""", await _http.GetStringAsync("/api/v5/pages/whole?page=3&limit=2"));
        Assert.Equal("""{"data":["x"],"meta":{"page":1,"limit":100}}""", await _http.GetStringAsync("/api/v5/pages/part"));
    }

    [Fact]
    public async Task An_endpoint_of_somebody_else_is_served_by_the_frameworks_routing()
    {
        Assert.Equal("healthy", await _http.GetStringAsync("/health"));
        Assert.Equal("healthy", await _http.GetStringAsync("/HEALTH"));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/healthy")).StatusCode);
    }

    [Fact]
    public async Task The_frameworks_routing_does_not_find_what_the_tree_has_refused() =>
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/API/v5/filtered/hello")).StatusCode);

    private static void Map(RouteGroupBuilder api)
    {
        var filtered = api.MapGroup("/filtered").AddEndpointFilter(static async (invocation, next) => TypedResults.Text($"{{filtered: {await next(invocation)}}}"));
        filtered.MapGet("/hello", Hello);
        api.MapGet("/authenticated", Authenticated);
        api.MapGet("/refused", Hello).AddEndpointFilter(static (_, _) => ValueTask.FromResult<object?>(TypedResults.Conflict()));
        api.MapGet("/marked", Part).WithPaging().AddEndpointFilter(static (invocation, next) =>
        {
            invocation.HttpContext.Response.Headers.Append(Mark, "1");
            return next(invocation);
        });

        var pages = api.MapGroup("/pages").WithJson<SeamsJson>().WithPaging();
        pages.MapGet("/whole", Whole);
        pages.MapGet("/part", Part);
        api.MapGroup("/closed").RequireAuthorization(Nobody).MapGet("", Hello);

        var keyed = api.MapGroup("/keyed").RequireAuthorization(ApiPolicies.KeyOrToken);
        keyed.MapGet("", Hello);
        keyed.MapGet("/nobody", Hello).RequireAuthorization(Nobody);
    }

    private static string Hello() => "hello";

    private static string Authenticated(HttpContext context) => context.Features.Get<IAuthenticationFeature>() is null ? "none" : "by the middleware";

    private static PageRows<string> Whole(PageQuery page) => PageRows.Of(["a", "b", "c", "d", "e"], page, static (string row) => row);

    private static Results<PageRows<string>, NoContent> Part(PageQuery page) => new PageRows<string>(["x"], total: null, hasNext: null);

    private static WebApplication Compose()
    {
        var configuration = NodeConfiguration.Load(ConfigurationSources.From(NodeRoots.Catalogue, new Dictionary<string, string> { ["EMQX_NODE__DATA_DIR"] = ":memory:" }),
            new Dictionary<string, string>(), out _)!;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(TimeProvider.System).AddSettings(configuration).AddInMemoryStorage();
        builder.Services.AddApiPipeline().AddCredentials();
        builder.Services.AddAuthorizationBuilder().AddPolicy(Nobody,
            static policy => policy.AddAuthenticationSchemes(ApiKeyDefaults.Scheme).RequireAssertion(static _ => false));
        var app = builder.Build();
        app.UseApiPipeline(Map);
        app.Run(UnknownPath.AnswerAsync);
        EndpointRouteBuilderExtensions.MapGet(app, "/health", static () => "healthy");
        return app;
    }
}

[JsonSerializable(typeof(Paged<string>))]
internal sealed partial class SeamsJson : JsonSerializerContext;
