namespace Emqx.Mgmt.Accounts;

/// <summary>Names of the dashboard token scheme.</summary>
internal static class DashboardTokenDefaults
{
    public const string Scheme = "DashboardToken";

    /// <summary>The claim <c>iss</c> of every token.</summary>
    public const string Issuer = "EMQX";
}
