using System.Text.Json.Serialization;

namespace Emqx.Mgmt.Api.Json;

/// <summary>The source-generated types of all groups, made when the first JSON is read or written.</summary>
internal sealed class JsonContexts
{
    private readonly List<Func<JsonSerializerContext>> _all = [];

    public IEnumerable<JsonSerializerContext> All => _all.Select(static create => create());

    /// <summary>Adds the types of one group.</summary>
    public void Add(Func<JsonSerializerContext> create) => _all.Add(create);
}
