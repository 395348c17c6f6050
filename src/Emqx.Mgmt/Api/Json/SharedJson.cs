using System.Text.Json.Serialization;
using Emqx.Mgmt.Api.Paging;

namespace Emqx.Mgmt.Api.Json;

/// <summary>The types that several groups read or write.</summary>
[JsonSerializable(typeof(PageQuery))]
[JsonSerializable(typeof(CursorQuery))]
[JsonSerializable(typeof(PageMeta))]
[JsonSerializable(typeof(CursorMeta))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class SharedJson : JsonSerializerContext;
