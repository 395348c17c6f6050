using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A record that is read from a JSON body. Its fields, their types and attributes are the schema.</summary>
internal interface IJsonBody<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IJsonBody<TSelf>
{
    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(RequestBinder.FromBody<TSelf>(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(TSelf)));
}

/// <summary>A record that is read from the query string.</summary>
internal interface IQueryString<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IQueryString<TSelf>
{
    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(RequestBinder.FromQuery<TSelf>(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ParametersMetadata(typeof(TSelf), InPath: false));
}

/// <summary>A record that is read from the path's parameters, where they have rules. Plain texts are simply <c>string</c> parameters.</summary>
internal interface IPathValues<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IPathValues<TSelf>
{
    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(RequestBinder.FromPath<TSelf>(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ParametersMetadata(typeof(TSelf), InPath: true));
}

/// <summary>A body that is an array.</summary>
internal sealed record BodyList<T>(IReadOnlyList<T> Items) : IBindableFromHttpContext<BodyList<T>>, IEndpointParameterMetadataProvider
{
    public static ValueTask<BodyList<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(RequestBinder.FromBodyList<T>(context) is { } items ? new BodyList<T>(items) : null);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(IReadOnlyList<T>)));
}

/// <summary>The body of an operation, for the API's description.</summary>
internal sealed record BodyMetadata(Type Type);

/// <summary>Parameters of an operation, for the API's description.</summary>
internal sealed record ParametersMetadata(Type Type, bool InPath);
