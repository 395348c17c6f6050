using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>What of the configuration is shown.</summary>
/// <param name="Key">One root; left out: all.</param>
/// <param name="Node">The node that is asked; left out: this one.</param>
internal sealed record ConfigsQuery(string? Key = null, string? Node = null) : IQueryString<ConfigsQuery>;

/// <summary>Whose origins are shown.</summary>
/// <param name="Key">One root; left out: all.</param>
internal sealed record OriginsQuery(string? Key = null) : IQueryString<OriginsQuery>;

/// <summary>Where a value comes from.</summary>
/// <param name="Path">Names with dots, the root first.</param>
/// <param name="Value">The value in force; secrets are masked.</param>
/// <param name="Origin">default, base, api, file or environment.</param>
/// <param name="Warning">Who wins again at the next start, where it is not who has set it now.</param>
internal sealed record SettingOriginResponse(string Path, JsonElement Value, string Origin, string? Warning)
{
    /// <summary>Writes the origins of many values.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<SettingOrigin> origins)
    {
        writer.WriteStartArray();
        foreach (var origin in origins)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, origin.Path);
            writer.WritePropertyName("value"u8);
            ConfigJson.Write(writer, origin.Value);
            writer.WriteString("origin"u8, NameOf(origin.Layer));
            if (origin.Overridden is { } layer)
                writer.WriteString("warning"u8, $"The {NameOf(layer)} sets it, too, and wins again at the next start");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string NameOf(SettingsLayer layer) => layer switch
    {
        SettingsLayer.Environment => "environment",
        SettingsLayer.File => "file",
        SettingsLayer.Api => "api",
        SettingsLayer.Base => "base",
        _ => "default",
    };
}

/// <summary>How a text is applied.</summary>
/// <param name="Mode">Whether named things that the text does not name stay (merge) or go (replace).</param>
/// <param name="IgnoreReadonly">Passes over roots that cannot be changed, instead of refusing the text.</param>
internal sealed record PutConfigsQuery(ConfigsMode Mode = ConfigsMode.Merge, bool IgnoreReadonly = false) : IQueryString<PutConfigsQuery>;

/// <summary>Whether named things that a text does not name stay.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConfigsMode>))]
internal enum ConfigsMode
{
    [JsonStringEnumMemberName("merge")]
    Merge,

    [JsonStringEnumMemberName("replace")]
    Replace,
}

/// <summary>Which field is put back.</summary>
/// <param name="ConfPath">The way to the field below the root, with dots.</param>
internal sealed record ResetQuery(string? ConfPath = null) : IQueryString<ResetQuery>;
