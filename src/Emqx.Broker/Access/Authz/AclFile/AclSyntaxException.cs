namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>A file of rules that is none.</summary>
internal sealed class AclSyntaxException(string reason) : Exception(reason)
{
    /// <summary>What is no term of Erlang, in the words of EMQX.</summary>
    /// <param name="line">Counted from 1.</param>
    /// <param name="before">What stands where something else should.</param>
    public static AclSyntaxException At(int line, string before) =>
        new($"{{bad_acl_file_content,{{{line},erl_parse,[\"syntax error before: \",{(before.Length == 0 ? "[]" : $"\"{before}\"")}]}}}}");
}
