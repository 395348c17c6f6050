using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>Runs a handler: reads the body, binds the parameters, answers the first failure, else the handler's result.</summary>
internal sealed class OperationRunner(Delegate handler, RoutePattern pattern, IServiceProvider services)
{
    // A handler of the bare context needs no binding, and none of what the framework loads for it: the probe of a fresh node is one.
    private RequestDelegate? _compiled = handler is Func<HttpContext, Task> bare ? new(bare) : null;

    /// <summary>Runs the operation for one request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        var input = RequestInput.Of(context);
        await input.ReadAsync(context);
        try
        {
            if (input.Failure is null) await Compiled()(context);
            if (input.Failure is { } failure) await failure.ExecuteAsync(context);
        }
        finally
        {
            input.Dispose();
        }
    }

    /// <summary>How the framework is to read a handler.</summary>
    public static RequestDelegateFactoryOptions OptionsFor(RoutePattern pattern, IServiceProvider services, EndpointBuilder? builder = null) => new()
    {
        ServiceProvider = services,
        RouteParameterNames = pattern.Parameters.Select(parameter => parameter.Name),
        ThrowOnBadRequest = false,
        EndpointBuilder = builder,
    };

    private RequestDelegate Compiled() => _compiled ??= RequestDelegateFactory.Create(handler, OptionsFor(pattern, services)).RequestDelegate;
}
