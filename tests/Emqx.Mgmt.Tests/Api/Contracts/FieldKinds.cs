using System.Text.Json;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Contracts;

/// <summary>Says what kinds the named fields of an answer are of.</summary>
internal static class FieldKinds
{
    /// <summary>The object has these fields, names with blanks between, and each is an integer.</summary>
    public static void Integers(JsonElement json, string names)
    {
        foreach (var name in names.Split(' '))
            Assert.True(json.TryGetProperty(name, out var value) && value.TryGetInt64(out _), $"{name} is an integer");
    }

    /// <summary>The object has these fields, names with blanks between, and each is a text.</summary>
    public static void Texts(JsonElement json, string names)
    {
        foreach (var name in names.Split(' '))
            Assert.True(json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String, $"{name} is a text");
    }
}
