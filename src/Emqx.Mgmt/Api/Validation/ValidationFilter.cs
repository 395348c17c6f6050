using Emqx.Mgmt.Api.Failures;
using FluentValidation;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>
/// Holds the arguments of a handler against the rules of their validators, in the order of the parameters; the first broken rule
/// answers. A rule's state may name another failure than BAD_REQUEST.
/// </summary>
internal static class ValidationFilter
{
    /// <summary>The filter of a handler; nothing at all where no parameter has a validator.</summary>
    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext handler, EndpointFilterDelegate next)
    {
        var rules = RulesOf(handler);
        return rules.Length == 0 ? next : invocation => RunAsync(rules, invocation, next);
    }

    private static async ValueTask<object?> RunAsync((int Position, IValidator Rules)[] all, EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        foreach (var (position, rules) in all)
        {
            // Null after a failed binding, whose failure is kept and answered further out.
            if (invocation.Arguments[position] is not { } argument)
                continue;

            var result = await rules.ValidateAsync(new ValidationContext<object>(argument), invocation.HttpContext.RequestAborted);
            if (result.Errors is [var first, ..])
                return (first.CustomState as Failure ?? Failure.BadRequest).Because(first.ErrorMessage);
        }

        return await next(invocation);
    }

    private static (int Position, IValidator Rules)[] RulesOf(EndpointFilterFactoryContext handler)
    {
        var known = handler.ApplicationServices.GetRequiredService<IServiceProviderIsService>();
        return
        [
            .. handler.MethodInfo.GetParameters()
                .Select(static parameter => (parameter.Position, Type: typeof(IValidator<>).MakeGenericType(parameter.ParameterType)))
                .Where(one => known.IsService(one.Type))
                .Select(one => (one.Position, (IValidator)handler.ApplicationServices.GetRequiredService(one.Type))),
        ];
    }
}
