namespace Emqx.Broker.Schema.Hocon;

/// <summary>A file that a document includes.</summary>
/// <param name="Path">By which it is told from others.</param>
internal sealed record HoconInclude(string Path, string Text);
