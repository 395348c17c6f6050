using System.Text.Json;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>What the API shows of authenticators: the id, then all settings in the order of their names.</summary>
internal static class AuthenticatorWriter
{
    /// <summary>One authenticator.</summary>
    public static void WriteOne(Utf8JsonWriter json, (string Id, ConfigObject Fields) authenticator)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, authenticator.Id);
        WriteFields(json, authenticator.Fields);
        json.WriteEndObject();
    }

    /// <summary>All of them.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<AuthenticatorFacts> authenticators)
    {
        json.WriteStartArray();
        foreach (var one in authenticators)
            WriteOne(json, (one.Id, one.Shown));
        json.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter json, ConfigObject fields)
    {
        foreach (var (name, value) in fields.OrderBy(static field => field.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
    }

    private static void Write(Utf8JsonWriter json, ConfigValue value)
    {
        switch (value)
        {
            case ConfigObject fields:
                json.WriteStartObject();
                WriteFields(json, fields);
                json.WriteEndObject();
                break;
            case ConfigArray array:
                json.WriteStartArray();
                foreach (var item in array.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            default:
                ConfigJson.Write(json, value);
                break;
        }
    }
}
