using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Exhook;

/// <summary>A hook server. None can be added yet.</summary>
[Kind(typeof(HookServerBodyKind))]
internal sealed record HookServerRequest(ConfigObject Fields) : IJsonBody<HookServerRequest>;

/// <summary>An object: which fields it may have would be the hook server's affair.</summary>
internal sealed class HookServerBodyKind : OpenKind
{
    public override ConfigValue? Check(ConfigValue value, Inspection at) => value is ConfigObject ? value : at.Wrong(value, "bad_value_for_struct");
}

/// <summary>Where a hook server goes in the list.</summary>
/// <param name="Position">front, rear, before:NAME or after:NAME.</param>
internal sealed record MoveHookServerRequest(string Position) : IJsonBody<MoveHookServerRequest>;

/// <summary>A hook server with its state; there are none.</summary>
internal sealed class HookServerResponse : Dictionary<string, JsonElement>;

[JsonSerializable(typeof(HookServerResponse[]))]
internal sealed partial class ExhookJson : JsonSerializerContext;
