using System.Buffers.Text;
using System.Text;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>The cursor of a walk through clients: the last client id, marked so that nothing else passes for one.</summary>
internal static class ClientCursor
{
    private const string Mark = "c1:";

    public static string Encode(string lastClientId) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Mark + lastClientId));

    /// <summary>False where the text is no cursor of ours.</summary>
    public static bool TryDecode(string cursor, out string lastClientId)
    {
        lastClientId = "";
        if (cursor.Length == 0 || !Base64Url.IsValid(cursor))
            return false;
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        if (!text.StartsWith(Mark, StringComparison.Ordinal))
            return false;
        lastClientId = text[Mark.Length..];
        return true;
    }
}
