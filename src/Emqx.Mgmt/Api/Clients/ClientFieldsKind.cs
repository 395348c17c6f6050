using System.Text.Json;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>The parameter <c>fields</c>: <c>all</c>, or names of client fields with commas between.</summary>
internal sealed class ClientFieldsKind : ValueKind
{
    public override string Name => "all | [client_field()]";

    public override bool Check(JsonElement value, Walk walk)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return ClientColumns.Parse(text, out var unknown) is not null || walk.Fail(writer => WriteMismatches(writer, text.Split(','), unknown!, walk.Place));
    }

    private static void WriteMismatches(Utf8JsonWriter writer, string[] names, string unknown, string place)
    {
        writer.WriteString("reason"u8, "matched_no_union_member"u8);
        writer.WriteStartObject("mismatches"u8);
        writer.WriteStartObject("array"u8);
        writer.WriteString("value"u8, unknown);
        writer.WriteString("reason"u8, "not_a_enum_symbol"u8);
        writer.WriteString("path"u8, $"{place}.{Array.FindIndex(names, name => name.Trim() == unknown) + 1}");
        writer.WriteString("kind"u8, "validation_error"u8);
        writer.WriteEndObject();
        writer.WriteStartObject("all"u8);
        writer.WriteStartArray("value"u8);
        foreach (var name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteStartObject("reason"u8);
        writer.WriteString("expected"u8, "all"u8);
        writer.WriteEndObject();
        writer.WriteString("path"u8, place);
        writer.WriteString("kind"u8, "validation_error"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
