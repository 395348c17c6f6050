using System.Globalization;
using System.Text;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One pass over a value against its kind: where it stands, and what it found wrong.</summary>
/// <param name="root">What paths begin with; may be empty.</param>
/// <param name="violations">Where violations go; null: to a list of its own, made when the first comes.</param>
internal sealed class Inspection(string root, List<Violation>? violations = null)
{
    /// <summary>So many violations are told; an answer is not to grow with what is wrong.</summary>
    private const int MostViolations = 100;

    private readonly List<(string? Name, int Index)> _place = [];
    private List<Violation>? _violations = violations;

    /// <summary>
    /// The value is a request's: EMQX's HTTP server converts a little differently from its configuration, and what is kept is
    /// what the request's record holds (bytes and milliseconds as numbers).
    /// </summary>
    public bool IsRequest { get; init; }

    /// <summary>A whole number passes for a text.</summary>
    public bool TakesNumbersForTexts { get; init; } = true;

    /// <summary>Nothing is looked at after the first violation.</summary>
    public bool FirstOnly { get; init; }

    /// <summary>No need to look further.</summary>
    public bool IsOver => _violations is { } known && known.Count >= (FirstOnly ? 1 : MostViolations);

    public IReadOnlyList<Violation> Violations => _violations ?? [];

    /// <summary>Where the pass stands: <c>root.1.qos</c>.</summary>
    public string Path
    {
        get
        {
            if (_place.Count == 0)
                return root;
            var text = new StringBuilder(root);
            foreach (var (name, index) in _place)
            {
                if (text.Length > 0)
                    text.Append('.');
                if (name is null)
                    text.Append(CultureInfo.InvariantCulture, $"{index}");
                else
                    text.Append(name);
            }

            return text.ToString();
        }
    }

    public void Enter(string name) => _place.Add((name, 0));

    /// <summary>Enters an item, counted from 1.</summary>
    public void Enter(int index) => _place.Add((null, index));

    public void Leave() => _place.RemoveAt(_place.Count - 1);

    /// <summary>A pass over the same value, whose violations are kept apart.</summary>
    public Inspection Aside() => new(Path) { IsRequest = IsRequest, TakesNumbersForTexts = TakesNumbersForTexts };

    /// <summary>The violations from this one on are of a member of a union, by EMQX's name of it; only answers to requests tell.</summary>
    public void TellMember(int first, string member)
    {
        for (var i = first; IsRequest && i < Violations.Count; i++)
            _violations![i] = _violations[i].Of(member);
    }

    /// <summary>Adds a violation; gives the null that says so.</summary>
    public ConfigValue? Fail(Violation violation)
    {
        if (!IsOver)
            (_violations ??= []).Add(violation);
        return null;
    }

    /// <summary>A value that does not do. The reason is a text or an object.</summary>
    public ConfigValue? Wrong(ConfigValue value, ConfigValue reason) => Fail(Violation.Wrong(Path, value, reason));

    /// <summary>A value that is not of the kind of that name.</summary>
    public ConfigValue? Unexpected(ConfigValue value, string expected) => Fail(Violation.Expected(Path, value, expected));
}
