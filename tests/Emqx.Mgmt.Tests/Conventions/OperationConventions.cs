using System.Reflection;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Api.Operations;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Security;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>What holds for every operation.</summary>
public sealed class OperationConventions(EmqxApp app) : IClassFixture<EmqxApp>
{
    private readonly IServiceProvider _services = app.Services;

    [Fact]
    public void Every_operation_has_one_tag() =>
        Assert.Empty(Where(endpoint => endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Count != 1));

    [Fact]
    public void Every_handler_is_a_named_static_method() =>
        Assert.Empty(Where(endpoint => Handler(endpoint) is not { IsStatic: true } method || method.Name.Contains('<', StringComparison.Ordinal)));

    [Fact]
    public void Operations_have_names_of_their_own()
    {
        var names = Operations.Where(endpoint => PathOf(endpoint).StartsWith(ManagementApi.Base, StringComparison.Ordinal))
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? Handler(endpoint).Name);
        Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void Every_operation_says_what_it_does()
    {
        var docs = new XmlDocs();
        Assert.Empty(Where(endpoint => docs.SummaryOf(Handler(endpoint)) is null));
    }

    [Fact]
    public void Every_parameter_and_field_of_a_request_says_what_it_is()
    {
        var docs = new XmlDocs();
        var types = Operations.SelectMany(endpoint => OperationSignature.Of(endpoint, _services))
            .Select(one => one switch { BodyMetadata body => body.Type, ParametersMetadata parameters => parameters.Type, _ => null })
            .Where(type => type is { IsGenericType: false, IsPrimitive: false } && type != typeof(string) && !type.IsDefined(typeof(KindAttribute), false)).Distinct().ToList();
        Assert.InRange(types.Count, 25, 400);
        Assert.Empty(types.SelectMany(type => type!.GetProperties()).Where(property => property.CanWrite && docs.SummaryOf(property) is null)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}"));
    }

    [Fact]
    public void Operations_that_look_something_up_can_say_that_it_is_not_there() =>
        Assert.Empty(Where(endpoint => PathOf(endpoint).Contains('{', StringComparison.Ordinal)
            && endpoint.Metadata.GetOrderedMetadata<FailuresMetadata>().Count == 0));

    [Fact]
    public void Only_the_operations_that_EMQX_opens_are_open() =>
        Assert.Equal(
            ["* /status", "GET /api/v5/error_codes", "GET /api/v5/error_codes/{code}", "GET /api/v5/schemas/{name}", "GET /api/v5/status", "POST /api/v5/login"],
            Where(endpoint => ApiPolicies.PolicyOf(endpoint.Metadata) is null).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_request_and_answer_is_known_to_the_JSON_contexts()
    {
        var json = _services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var types = Operations.SelectMany(endpoint => OperationSignature.Of(endpoint, _services)).Select(one => one switch
        {
            BodyMetadata { Type.IsGenericType: true } list => typeof(List<>).MakeGenericType(list.Type.GetGenericArguments()),
            BodyMetadata body => body.Type,
            ParametersMetadata parameters => parameters.Type,
            _ => null,
        }).Where(type => type is not null).Distinct().ToList();
        Assert.InRange(types.Count, 25, 400);
        Assert.Empty(types.Where(type => !json.TryGetTypeInfo(type!, out _)).Select(type => type!.ToString()));
    }

    /// <summary>The framework's own mapping would compile a handler at start, and match its path by other rules.</summary>
    [Fact]
    public void Every_endpoint_of_the_API_is_compiled_at_its_first_request_and_found_by_the_tree()
    {
        Assert.Empty(Where(endpoint => endpoint.Metadata.GetMetadata<LazyHandler>() is null || endpoint.RequestDelegate?.Target is not LazyHandler));
        Assert.Empty(Where(endpoint => endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>() is not { SuppressMatching: true }));
    }

    [Fact]
    public void Every_operation_that_takes_a_page_answers_through_the_paging_filter() =>
        Assert.Empty(Where(endpoint => Handler(endpoint).GetParameters().Any(parameter => parameter.ParameterType == typeof(PageQuery))
            != endpoint.Metadata.GetMetadata<PagingFilter>() is not null));

    /// <summary>Never empty: a convention that looks at nothing holds nothing.</summary>
    private List<RouteEndpoint> Operations
    {
        get
        {
            var operations = _services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>().ToList();
            Assert.InRange(operations.Count, 90, 400);
            return operations;
        }
    }

    private static string PathOf(RouteEndpoint endpoint) => OperationPath.Of(endpoint.RoutePattern);

    private static MethodInfo Handler(Endpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<MethodInfo>();

    private IEnumerable<string> Where(Func<RouteEndpoint, bool> predicate) => Operations.Where(predicate).Select(endpoint => endpoint.DisplayName!);
}
