using Emqx.Broker.Settings;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Features;

namespace Emqx.Mgmt.Api.Routing;

/// <summary>The first checks of every request, in EMQX's order: request line and headers, path, method.</summary>
internal sealed class ApiRouting(RequestDelegate next, ApiRouter router, SettingsRoot<DashboardSettings> settings)
{
    private const int LongestTarget = 8000;
    private const int LongestHeader = 4096;

    /// <summary>Finds the operation; what is no path of the API goes on to the rest of the pipeline.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (settings.Current.Cors && context.Request.Headers.Origin.Count > 0)
            context.Response.Headers.AccessControlAllowOrigin = "*";
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.Length == 0)
            target = context.Request.Path.ToUriComponent();
        if (target.Length > LongestTarget)
            return Refuse(context, StatusCodes.Status414UriTooLong);
        if (HasLongHeader(context.Request.Headers))
            return Refuse(context, StatusCodes.Status431RequestHeaderFieldsTooLarge);
        if (HttpMethods.IsTrace(context.Request.Method))
            return Refuse(context, StatusCodes.Status501NotImplemented);
        if (!RequestPath.TryParse(target, out var path))
            return Refuse(context, StatusCodes.Status400BadRequest);
        if (router.Find(path.Segments) is not { } resource)
            return next(context);
        if (resource.Find(context.Request.Method) is not { } route)
        {
            context.Response.Headers.Allow = resource.Allow;
            return Refuse(context, StatusCodes.Status405MethodNotAllowed);
        }

        route.Apply(context, path.Segments);
        RequestInput.Start(context, path.IsText);
        return next(context);
    }

    /// <summary>A status with an empty body.</summary>
    internal static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static bool HasLongHeader(IHeaderDictionary headers)
    {
        foreach (var header in headers)
        {
            foreach (var value in header.Value)
            {
                if (value?.Length > LongestHeader)
                    return true;
            }
        }

        return false;
    }
}
