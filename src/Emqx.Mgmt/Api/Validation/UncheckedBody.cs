using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>Reads bodies that hold configuration: they are checked when they meet what is there, against the table of their root.</summary>
internal static class UncheckedBody
{
    /// <summary>The body, where it is JSON of that form; null after a failure, which the request's input then has.</summary>
    /// <typeparam name="T">An object or an array.</typeparam>
    public static T? Read<T>(HttpContext context) where T : ConfigValue
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null)
            return null;
        if (!input.IsForeign && input.Body is T given)
            return given;
        input.Failure = input.IsForeign || input.Body is ConfigText
            ? Failure.UnsupportedMediaType.Because("content-type:application/json Required")
            : Failure.BadRequest.Because("Invalid json message received");
        return null;
    }
}
