namespace Emqx.Broker.Protocol;

/// <summary>A topic to be authorized. <see cref="Verdict"/> null: nobody decided.</summary>
internal sealed class AuthorizeRequest
{
    public required ClientInfo Client { get; init; }
    public required bool IsPublish { get; init; }

    /// <summary>Topic name, or topic filter without share group and mountpoint.</summary>
    public required string Topic { get; init; }
    public byte Qos { get; init; }
    public bool Retain { get; init; }
    public bool? Verdict { get; set; }

    /// <summary>Who has set the verdict, by EMQX's name: a source's type, client_info; null for nobody who tells.</summary>
    public string? DecidedBy { get; set; }
}
