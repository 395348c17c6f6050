using System.Text.Json.Serialization;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>What of the configuration is shown.</summary>
/// <param name="Key">One root; left out: all.</param>
/// <param name="Node">The node that is asked; left out: this one.</param>
internal sealed record ConfigsQuery(string? Key = null, string? Node = null) : IQueryString<ConfigsQuery>;

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
