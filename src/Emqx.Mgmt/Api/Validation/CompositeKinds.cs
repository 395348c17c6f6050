using System.Text.Json;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A list of values of one kind.</summary>
/// <param name="single">One value stands for a list of one, as in query strings.</param>
internal sealed class ListKind(ValueKind item, bool single = false) : ValueKind
{
    public ValueKind Item => item;
    public override string Name => "array()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (value.ValueKind != JsonValueKind.Array) return CheckOther(value, walk);
        var index = 0;
        var good = true;
        foreach (var one in value.EnumerateArray())
        {
            walk.Enter(++index);
            good &= one.ValueKind == JsonValueKind.Null && item is not AnyKind ? walk.FailExpected(one, item.Name) : item.Check(one, walk);
            walk.Leave();
            if (walk.IsOver) break;
        }
        return good;
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in value.EnumerateArray()) item.Write(one, writer);
        }
        else if (single)
        {
            item.Write(value, writer);
        }
        writer.WriteEndArray();
    }

    /// <summary>{} passes for an empty list.</summary>
    private bool CheckOther(JsonElement value, Walk walk)
    {
        if (single)
        {
            walk.NeedsRewrite = true;
            return item.Check(value, walk);
        }
        if (value.ValueKind != JsonValueKind.Object) return walk.Fail(value, "bad_value_for_array");
        var names = value.EnumerateObject().Select(member => member.Name).ToList();
        if (names.Count == 0) return walk.NeedsRewrite = true;
        return walk.Fail(writer =>
        {
            writer.WriteStartArray("bad_array_index_keys"u8);
            foreach (var name in names) writer.WriteStringValue(name);
            writer.WriteEndArray();
        });
    }
}

/// <summary>An object of any names with values of one kind.</summary>
internal sealed class MapKind(ValueKind item) : ValueKind
{
    public ValueKind Item => item;
    public override string Name => "map()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (value.ValueKind != JsonValueKind.Object) return walk.FailExpected(value, Name);
        var good = true;
        foreach (var member in value.EnumerateObject())
        {
            walk.Enter(member.Name);
            good &= item.Check(member.Value, walk);
            walk.Leave();
            if (walk.IsOver) break;
        }
        return good;
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            item.Write(member.Value, writer);
        }
        writer.WriteEndObject();
    }
}

/// <summary>One field of an object.</summary>
internal sealed record Field(string Name, ValueKind Kind, bool IsRequired);

/// <summary>An object with known fields.</summary>
/// <param name="ignoresUnknown">Other fields do not matter.</param>
internal sealed class ObjectKind(IReadOnlyList<Field> fields, bool ignoresUnknown) : ValueKind
{
    public IReadOnlyList<Field> Fields => fields;
    public override string Name => "map()";

    public override bool Check(JsonElement value, Walk walk)
    {
        if (value.ValueKind != JsonValueKind.Object) return walk.Fail(value, "bad_value_for_struct");
        var found = new JsonElement[fields.Count];
        List<string>? unknown = null;
        foreach (var member in value.EnumerateObject())
        {
            var index = IndexOf(member);
            if (index >= 0) found[index] = member.Value;
            else (unknown ??= []).Add(member.Name);
        }
        var good = ignoresUnknown || unknown is null || FailUnknown(unknown, found, walk);
        for (var i = 0; i < fields.Count && !walk.IsOver; i++) good &= CheckField(fields[i], found[i], walk);
        return good;
    }

    public override void Write(JsonElement value, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            var index = IndexOf(member);
            if (index < 0 || member.Value.ValueKind == JsonValueKind.Null) continue;
            writer.WritePropertyName(fields[index].Name);
            fields[index].Kind.Write(member.Value, writer);
        }
        writer.WriteEndObject();
    }

    private static bool CheckField(Field field, JsonElement value, Walk walk)
    {
        var absent = value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
        if (absent && !field.IsRequired)
        {
            walk.NeedsRewrite |= value.ValueKind == JsonValueKind.Null;
            return true;
        }
        walk.Enter(field.Name);
        var good = absent ? walk.Fail(static writer => writer.WriteString("reason"u8, "required_field"u8)) : field.Kind.Check(value, walk);
        walk.Leave();
        return good;
    }

    private bool FailUnknown(List<string> unknown, JsonElement[] found, Walk walk)
    {
        var unmatched = fields.Where((_, index) => found[index].ValueKind == JsonValueKind.Undefined).Select(field => field.Name);
        return walk.Fail(writer =>
        {
            writer.WriteString("unmatched"u8, Some(unmatched));
            writer.WriteString("unknown"u8, Some(unknown));
            writer.WriteString("reason"u8, "unknown_fields"u8);
        });
    }

    /// <summary>The first two names, as EMQX abbreviates its lists.</summary>
    private static string Some(IEnumerable<string> names)
    {
        var sorted = names.Order(StringComparer.Ordinal).ToList();
        return sorted.Count switch { 0 => "none", > 2 => $"{sorted[0]},{sorted[1]},...", _ => string.Join(',', sorted) };
    }

    private int IndexOf(JsonProperty member)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (member.NameEquals(fields[i].Name)) return i;
        }
        return -1;
    }
}
