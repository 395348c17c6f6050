using System.Text;
using Emqx.Broker.Access.Templates;

namespace Emqx.Broker.Access.Redis;

/// <summary>A command whose arguments differ from client to client: what is filled in stays one argument, whatever it is.</summary>
/// <param name="name">The command.</param>
/// <param name="arguments">The key first.</param>
internal sealed class RedisCommand(string name, IReadOnlyList<TextTemplate> arguments)
{
    public string Name => name;

    /// <summary>The arguments for a client.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Fill(TemplateValues values)
    {
        var filled = new ReadOnlyMemory<byte>[arguments.Count];
        for (var i = 0; i < filled.Length; i++)
            filled[i] = arguments[i].Fill(values);
        return filled;
    }

    /// <summary>The words of a command that is one of those named; null where it is none, of which <paramref name="problem"/> tells in EMQX's word.</summary>
    public static IReadOnlyList<string>? Split(string line, IEnumerable<string> names, out string? problem)
    {
        if (CommandLine.Split(line, out problem) is not { } words)
            return null;
        problem = words.Count == 0 ? "empty_command" : names.Contains(words[0], StringComparer.OrdinalIgnoreCase) ? null : "invalid_command_name";
        return problem is null ? words : null;
    }

    /// <summary>A word in which places are filled in.</summary>
    public static TextTemplate Template(string word, TemplateNames names) => new(word, names, Encoding.Latin1);

    /// <summary>A word that is the same for all.</summary>
    public static TextTemplate Constant(string word) => new(word.Replace("$", "${$}", StringComparison.Ordinal), TemplateNames.None, Encoding.Latin1);
}
