using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Plugins;

/// <summary>The place of a plugin.</summary>
/// <param name="Name">Name and release, <c>my_plugin-1.0.0</c>.</param>
internal sealed record PluginPath([property: Kind(typeof(PluginNameKind))] string Name) : IPathValues<PluginPath>;

/// <summary>What a plugin is to do.</summary>
internal enum PluginAction
{
    Start,
    Stop,
}

/// <summary>The place of an action on a plugin.</summary>
/// <param name="Name">Name and release, <c>my_plugin-1.0.0</c>.</param>
/// <param name="Action">start or stop.</param>
internal sealed record PluginActionPath([property: Kind(typeof(PluginNameKind))] string Name, PluginAction Action) : IPathValues<PluginActionPath>;

/// <summary>A plugin's name: a letter, then letters, digits, -, _ and dots.</summary>
internal sealed class PluginNameKind() : TextKind("binary()", ProblemOf)
{
    private static string? ProblemOf(string name)
    {
        if (name.Length is 0 or > 256)
            return "Name Length must =< 256";
        return char.IsAsciiLetter(name[0]) && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? null
            : "Name should be ^[A-Za-z]+[A-Za-z0-9-_.]*$";
    }
}

/// <summary>A plugin's configuration.</summary>
[Kind(typeof(PluginConfigKind))]
internal sealed record PluginConfigRequest(ConfigObject Fields) : IJsonBody<PluginConfigRequest>;

/// <summary>An object: which fields it may have would be the plugin's affair.</summary>
internal sealed class PluginConfigKind : OpenKind
{
    public override ConfigValue? Check(ConfigValue value, Inspection at) => value is ConfigObject ? value : at.Wrong(value, "bad_value_for_struct");
}

/// <summary>Where a plugin goes in the order of starting.</summary>
/// <param name="Position">front, rear, before:NAME or after:NAME.</param>
internal sealed record MovePluginRequest(string? Position = null) : IJsonBody<MovePluginRequest>;

/// <summary>A plugin, or its configuration or schema; there are none.</summary>
internal sealed class PluginResponse : Dictionary<string, JsonElement>;

[JsonSerializable(typeof(PluginResponse[]))]
internal sealed partial class PluginsJson : JsonSerializerContext;
