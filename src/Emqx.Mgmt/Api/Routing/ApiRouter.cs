using Emqx.Mgmt.Api.Operations;

namespace Emqx.Mgmt.Api.Routing;

/// <summary>All paths of the API as a tree of segments. Literal segments win over parameters; both are tried.</summary>
internal sealed class ApiRouter
{
    private readonly Node _root = new();

    /// <summary>Adds an operation's endpoint under its path.</summary>
    public void Add(RouteEndpoint endpoint)
    {
        var operation = endpoint.Metadata.GetRequiredMetadata<Operation>();
        var node = _root;
        var names = new List<string>();
        foreach (var segment in operation.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment[0] == '{')
            {
                names.Add(segment[1..^1]);
                node = node.Parameter ??= new Node();
            }
            else
            {
                if (!node.Literals.TryGetValue(segment, out var next)) node.Literals.Add(segment, next = new Node());
                node = next;
            }
        }
        node.Methods.Add(new(operation.Method, endpoint, [.. names]));
    }

    /// <summary>The resource at a path, or null where there is none.</summary>
    public Resource? Find(IReadOnlyList<string> segments) => _root.Find(segments, 0);

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
                if (route.Method == method || route.Method == Operation.AnyMethod) return route;
            }
            return null;
        }
    }

    /// <summary>One method of a path.</summary>
    internal sealed record Route(string Method, RouteEndpoint Endpoint, string[] Names)
    {
        private readonly int[] _positions = PositionsOf(Endpoint, Names.Length);

        /// <summary>Hands the parameters of the path to the request.</summary>
        public void Apply(HttpContext context, IReadOnlyList<string> segments)
        {
            context.SetEndpoint(Endpoint);
            if (Names.Length == 0) return;
            var values = context.Request.RouteValues;
            for (var i = 0; i < Names.Length; i++) values[Names[i]] = segments[_positions[i]];
        }

        private static int[] PositionsOf(RouteEndpoint endpoint, int count)
        {
            var positions = new int[count];
            var parts = endpoint.Metadata.GetRequiredMetadata<Operation>().Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            for (int part = 0, name = 0; part < parts.Length; part++)
            {
                if (parts[part][0] == '{') positions[name++] = part;
            }
            return positions;
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);
        public Node? Parameter { get; set; }
        public Resource Methods { get; } = new();

        public Resource? Find(IReadOnlyList<string> segments, int index)
        {
            if (index == segments.Count) return Methods.Count > 0 ? Methods : null;
            var segment = segments[index];
            if (Literals.TryGetValue(segment, out var literal) && literal.Find(segments, index + 1) is { } found) return found;
            return segment.Length > 0 ? Parameter?.Find(segments, index + 1) : null;
        }
    }
}
