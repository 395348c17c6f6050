using System.Text.Json;
using System.Text.Unicode;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>Reads the rows of files of users.</summary>
internal static class UserRows
{
    private const string BadFormat = "bad_format";

    /// <summary>All rows, each good for its type.</summary>
    /// <exception cref="InvalidDataException">One is not as it should be, or there is none; the message says which, and why.</exception>
    public static IReadOnlyList<UserRow> Read(UserFile file)
    {
        var rows = Path.GetExtension(file.Name) switch
        {
            null or ".json" => FromJson(file.Content.Span),
            ".csv" => FromCsv(file.Content.Span),
            "" => throw new InvalidDataException("unknown_file_format"),
            var other => throw new InvalidDataException($"{{unsupported_file_format,<<\"{other}\">>}}"),
        };
        foreach (var row in rows)
        {
            if (row.ProblemWith(file.Type) is { } problem)
                throw new InvalidDataException(problem);
        }

        return rows.Count > 0 ? rows : throw new InvalidDataException("empty_users");
    }

    private static List<UserRow> FromJson(ReadOnlySpan<byte> json)
    {
        if (Parse(json) is not ConfigArray array)
            throw new InvalidDataException("unknown_file_format");
        var rows = new List<UserRow>(array.Items.Count);
        foreach (var item in array.Items)
        {
            var fields = item as ConfigObject ?? ConfigObject.Empty;
            var isSuperuser = fields["is_superuser"] is ConfigBoolean { Value: true } or ConfigText { Text: "true" };
            rows.Add(new(new("row", rows.Count + 1), TextOf(fields["user_id"]), TextOf(fields["password"]), TextOf(fields["password_hash"]),
                fields["salt"] is null ? "" : TextOf(fields["salt"]), isSuperuser));
        }

        return rows;
    }

    private static ConfigValue Parse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new InvalidDataException("invalid_json, not UTF-8");
        try
        {
            return ConfigJson.Parse(json);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"invalid_json, line {error.LineNumber + 1 ?? 1}", error);
        }
    }

    private static string? TextOf(ConfigValue? value) => value is ConfigText text && !ReferenceEquals(text, ConfigText.Broken) ? text.Text : null;

    /// <summary>Lines of fields; the first names them. As in EMQX commas and blanks stand between fields, however many, and nothing is quoted.</summary>
    private static List<UserRow> FromCsv(ReadOnlySpan<byte> csv)
    {
        if (!Utf8.IsValid(csv))
            throw new InvalidDataException($"{BadFormat}, not UTF-8");
        var rows = new List<UserRow>();
        var lines = new CsvLines(csv);
        if (!lines.MoveNext())
            return rows;
        var names = lines.Fields();
        while (lines.MoveNext())
        {
            var place = new UserRowPlace("line", lines.Number);
            var fields = lines.Fields();
            if (fields.Count != names.Count)
                throw new InvalidDataException(place.Of(BadFormat));
            rows.Add(new(place, Of(names, fields, "user_id"), Of(names, fields, "password"), Of(names, fields, "password_hash"), Of(names, fields, "salt") ?? "",
                Of(names, fields, "is_superuser") == "true"));
        }

        return rows;
    }

    private static string? Of(List<string> names, List<string> fields, string name)
    {
        var at = names.LastIndexOf(name);
        return at < 0 ? null : fields[at];
    }
}
