using Emqx.Mgmt.Api.Operations;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Emqx.Mgmt.Api.Routing;

/// <summary>All paths of the API as a tree of segments. Literal segments win over parameters; both are tried.</summary>
internal sealed class ApiRouter
{
    private readonly Node _root = new();

    /// <summary>The tree of the API's own endpoints; those of others are left to the framework's routing.</summary>
    public static ApiRouter From(IEnumerable<EndpointDataSource> sources)
    {
        var router = new ApiRouter();
        foreach (var endpoint in sources.SelectMany(source => source.Endpoints))
        {
            if (endpoint is RouteEndpoint own && own.Metadata.GetMetadata<LazyHandler>() is not null)
                router.Add(own);
        }

        return router;
    }

    /// <summary>The resource at a path, or null where there is none.</summary>
    public Resource? Find(IReadOnlyList<string> segments) => _root.Find(segments, 0);

    private void Add(RouteEndpoint endpoint)
    {
        var node = _root;
        List<(string Name, int Position)> parameters = [];
        var segments = endpoint.RoutePattern.PathSegments;
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Parts is not [var part])
                throw new NotSupportedException($"A segment is one text or one parameter: {endpoint.DisplayName}");
            if (part is RoutePatternParameterPart parameter)
                parameters.Add((parameter.Name, i));
            node = node.Enter(part);
        }

        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        node.Methods.Add(new Route(methods is [var method] ? method : null, endpoint, [.. parameters]));
    }

    /// <summary>The methods of one path.</summary>
    internal sealed class Resource
    {
        private readonly List<Route> _routes = [];

        /// <summary>For the Allow header.</summary>
        public string Allow { get; private set; } = "";
        public int Count => _routes.Count;

        public void Add(Route route)
        {
            _routes.Add(route);
            Allow = string.Join(", ", _routes.Select(known => known.Method).Order(StringComparer.Ordinal));
        }

        /// <summary>The route of a method, or null where the path lacks it.</summary>
        public Route? Find(string method)
        {
            foreach (var route in _routes)
            {
                if (route.Method is null || route.Method == method)
                    return route;
            }

            return null;
        }
    }

    /// <summary>One method of a path.</summary>
    /// <param name="Method">Null for any.</param>
    internal sealed record Route(string? Method, RouteEndpoint Endpoint, (string Name, int Position)[] Parameters)
    {
        /// <summary>Hands endpoint and parameters of the path to the request.</summary>
        public void Apply(HttpContext context, IReadOnlyList<string> segments)
        {
            context.SetEndpoint(Endpoint);
            if (Parameters.Length == 0)
                return;

            var values = context.Request.RouteValues;
            foreach (var (name, position) in Parameters)
                values[name] = segments[position];
        }
    }

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _literals = new(StringComparer.Ordinal);
        private Node? _parameter;

        public Resource Methods { get; } = new();

        /// <summary>The node below this one, made where there is none.</summary>
        public Node Enter(RoutePatternPart part)
        {
            if (part is not RoutePatternLiteralPart literal)
                return _parameter ??= new Node();
            if (!_literals.TryGetValue(literal.Content, out var next))
                _literals.Add(literal.Content, next = new Node());
            return next;
        }

        public Resource? Find(IReadOnlyList<string> segments, int index)
        {
            if (index == segments.Count)
                return Methods.Count > 0 ? Methods : null;
            var segment = segments[index];
            if (_literals.TryGetValue(segment, out var literal) && literal.Find(segments, index + 1) is { } found)
                return found;
            return segment.Length > 0 ? _parameter?.Find(segments, index + 1) : null;
        }
    }
}
