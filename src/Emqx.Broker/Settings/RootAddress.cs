namespace Emqx.Broker.Settings;

/// <summary>The address of a root, <c>/configs/&lt;name&gt;</c>.</summary>
/// <param name="Says">What the root is about, after "shows" and "changes".</param>
/// <param name="IsHidden">Served, not described, and left out where all roots with an address are named.</param>
internal sealed record RootAddress(string Says, bool IsHidden = false);
