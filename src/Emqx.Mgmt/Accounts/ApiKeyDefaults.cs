namespace Emqx.Mgmt.Accounts;

/// <summary>Names of the API key scheme.</summary>
internal static class ApiKeyDefaults
{
    public const string Scheme = "ApiKey";
}
