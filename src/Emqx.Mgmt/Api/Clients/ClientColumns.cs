namespace Emqx.Mgmt.Api.Clients;

/// <summary>Which fields of a client are asked for, prepared for writing many clients.</summary>
internal sealed class ClientColumns
{
    /// <summary>Fields that only a durable session has: they may be asked for, and are nowhere.</summary>
    private static readonly HashSet<string> s_ofDurableSessions =
        ["n_streams", "seqno_q1_comm", "seqno_q1_dup", "seqno_q1_next", "seqno_q2_comm", "seqno_q2_dup", "seqno_q2_rec", "seqno_q2_next"];

    private static readonly HashSet<string> s_selectable =
        ClientFields.All.Where(static field => field.IsSelectable).Select(static field => field.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every field.</summary>
    public static readonly ClientColumns All = new([.. InWholeAnswers()]);

    private ClientColumns(ClientField[] fields)
    {
        OfAbsent = ClientRowPlan.Of(fields);
        OfPresent = ClientRowPlan.Of([.. fields.Where(static field => !field.IsOfAbsent)]);
    }

    /// <summary>How clients that are connected are written.</summary>
    public ClientRowPlan OfPresent { get; }

    /// <summary>How clients that are away are written.</summary>
    public ClientRowPlan OfAbsent { get; }

    /// <summary>Reads names with commas between them, or <c>all</c>. Where a name is unknown: null, and which one.</summary>
    public static ClientColumns? Parse(string? text, out string? unknown)
    {
        unknown = null;
        if (text is null or "all")
            return All;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        unknown = Array.Find(names, static name => !s_selectable.Contains(name) && !s_ofDurableSessions.Contains(name));
        return unknown is null ? new ClientColumns([.. ClientFields.All.Where(field => names.Contains(field.Name))]) : null;
    }

    /// <summary>The port stands before the node where all fields are asked for: so it has always been.</summary>
    private static IEnumerable<ClientField> InWholeAnswers()
    {
        var port = ClientFields.All.Single(static field => field.Name == "port");
        foreach (var field in ClientFields.All)
        {
            if (field.Name == "node")
                yield return port;
            if (field != port)
                yield return field;
        }
    }
}
