using System.Text.Json.Serialization;
using Emqx.Mgmt.Api.Paging;

namespace Emqx.Mgmt.Api.Json;

/// <summary>The types that several groups read or write.</summary>
[JsonSerializable(typeof(PageMeta))]
[JsonSerializable(typeof(CursorMeta))]
internal sealed partial class SharedJson : JsonSerializerContext;
