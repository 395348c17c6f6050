using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>A topic, a filter or a filter with placeholders that a rule is about. A filter is matched by its text where "eq" says so.</summary>
internal sealed class AuthzTopic
{
    private const string EqPrefix = "eq ";
    private readonly string _filter;
    private readonly bool _isExact;
    private readonly TopicPlaces? _places;

    private AuthzTopic(string filter, bool isExact)
    {
        _filter = filter;
        _isExact = isExact;
        _places = isExact ? null : TopicPlaces.Find(filter);
    }

    /// <summary>EMQX's text of it: <c>eq a/#</c>, <c>a/#</c>.</summary>
    public string Text => _isExact ? EqPrefix + _filter : _filter;

    /// <summary>Reads a text; one that begins with <c>eq </c> is compared as it stands.</summary>
    public static AuthzTopic Parse(string text) =>
        text.StartsWith(EqPrefix, StringComparison.Ordinal) ? new(text[EqPrefix.Length..], isExact: true) : new(text, isExact: false);

    /// <summary>This topic or filter alone, wildcards and placeholders being ordinary text.</summary>
    public static AuthzTopic Exact(string topic) => new(topic, isExact: true);

    /// <summary>Whether the request's topic is this one, or selected by it.</summary>
    public bool Matches(AuthorizeRequest request, bool isAllow)
    {
        if (_isExact)
            return request.Topic == _filter;
        return _places is null ? TopicMatcher.Matches(request.Topic, _filter) : _places.Matches(request, isAllow);
    }
}
