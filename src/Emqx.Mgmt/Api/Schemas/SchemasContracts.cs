using System.Text.Json;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Schemas;

/// <summary>What the Dashboard has forms for.</summary>
internal enum SchemaName
{
    Hotconf,
    Bridges,
    Actions,
    Connectors,
}

/// <summary>Which schema.</summary>
/// <param name="Name">Its name.</param>
internal sealed record SchemaPath(SchemaName Name) : IPathValues<SchemaPath>;

/// <summary>A schema in the Dashboard's form, which is like OpenAPI.</summary>
/// <param name="Paths">Forms by operation.</param>
/// <param name="Info">Title and version.</param>
/// <param name="Components">The structs that the forms refer to.</param>
internal sealed record SchemaResponse(IReadOnlyDictionary<string, JsonElement> Paths, IReadOnlyDictionary<string, string> Info,
    IReadOnlyDictionary<string, JsonElement> Components);
