using Microsoft.AspNetCore.Routing.Patterns;

namespace Emqx.Mgmt.Api.Operations;

/// <summary>The path of an operation as EMQX writes it.</summary>
internal static class OperationPath
{
    /// <summary>From the server's root, with <c>{names}</c>.</summary>
    public static string Of(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(Of));

    private static string Of(RoutePatternPathSegment segment) => string.Concat(segment.Parts.Select(static part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => throw new NotSupportedException($"No path of the API has a {part.PartKind}."),
    }));
}
