namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>Files of rules.</summary>
internal static class AclFiles
{
    /// <summary>The rules where there is no file: EMQX's.</summary>
    public const string DefaultText = """
        %% Rules are tried in this order, and the first that matches decides.

        %% Who may see what the server tells of itself.
        {allow, {username, {re, "^dashboard$"}}, subscribe, ["$SYS/#"]}.
        {allow, {ipaddr, "127.0.0.1"}, all, ["$SYS/#", "#"]}.
        {deny, all, subscribe, ["$SYS/#", {eq, "#"}, {eq, "+/#"}]}.

        %% Everybody may do anything else. Where clients of strangers connect this should be {deny, all}.
        {allow, all}.

        """;

    private const int LargestFile = 4 << 20;

    /// <summary>The text of a file.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public static string Read(string path)
    {
        using var reader = new StreamReader(path);
        return reader.BaseStream.Length <= LargestFile ? reader.ReadToEnd() : throw new IOException($"{path} is larger than {LargestFile} bytes");
    }
}
