using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>
/// Runs a handler: reads the body, binds the parameters, answers the first failure, else the handler's result. The handler is
/// compiled when its first request comes, with its endpoint's builder, so that the filters declared on it and on its groups act.
/// </summary>
internal sealed class LazyHandler(Delegate handler, RouteEndpointBuilder builder)
{
    private RequestDelegate? _compiled;

    /// <summary>Runs the operation for one request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        var input = RequestInput.Of(context);
        await input.ReadAsync(context);
        if (input.Failure is null)
            await (_compiled ??= Compile())(context);
        if (input.Failure is { } failure && !context.Response.HasStarted)
            await failure.ExecuteAsync(context);
    }

    // A handler of the bare context needs no binding, and none of what the framework loads for it: the probe of a fresh node is one.
    private RequestDelegate Compile() => handler is Func<HttpContext, Task> bare && builder.FilterFactories.Count == 0
        ? new RequestDelegate(bare)
        : RequestDelegateFactory.Create(handler, OptionsFor(builder)).RequestDelegate;

    /// <summary>How the framework is to read a handler.</summary>
    public static RequestDelegateFactoryOptions OptionsFor(RouteEndpointBuilder builder) => new()
    {
        ServiceProvider = builder.ApplicationServices,
        RouteParameterNames = builder.RoutePattern.Parameters.Select(static parameter => parameter.Name),
        ThrowOnBadRequest = false,
        EndpointBuilder = builder,
    };
}
