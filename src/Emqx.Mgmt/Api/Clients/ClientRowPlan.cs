using System.Text;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>
/// The steps that write one client: a literal, then a value. Literals hold the names and whatever is the same for all clients,
/// and are padded, so that each is copied by a move of fixed length.
/// </summary>
internal sealed class ClientRowPlan
{
    /// <summary>Bytes of each padded literal.</summary>
    public const int LiteralRoom = 64;

    /// <summary>More than a number, a boolean or a moment takes.</summary>
    private const int ValueRoom = 40;

    private ClientRowPlan(List<ClientRowStep> steps)
    {
        Steps = [.. steps];
        Room = LiteralRoom + Steps.Sum(static step => step.Length + ValueRoom);
    }

    public ClientRowStep[] Steps { get; }

    /// <summary>Bytes that are enough for all steps but texts.</summary>
    public int Room { get; }

    /// <summary>Makes the plan for these fields.</summary>
    public static ClientRowPlan Of(ClientField[] fields)
    {
        var steps = new List<ClientRowStep>();
        var literal = new StringBuilder("{");
        var separator = "";
        foreach (var field in fields)
        {
            literal.Append(separator).Append('"').Append(field.Name).Append("\":").Append(field.Constant);
            separator = ",";
            if (field.Kind != ClientValueKind.Constant)
                AddSteps(steps, literal, field);
        }

        literal.Append('}');
        AddSteps(steps, literal, null);
        return new ClientRowPlan(steps);
    }

    private static void AddSteps(List<ClientRowStep> steps, StringBuilder literal, ClientField? field)
    {
        var pieces = Encoding.UTF8.GetBytes(literal.ToString()).Chunk(LiteralRoom).ToList();
        for (var i = 0; i < pieces.Count; i++)
            steps.Add(new ClientRowStep(pieces[i], i < pieces.Count - 1 ? null : field));
        literal.Clear();
    }
}

/// <summary>A literal and the value behind it; without a field the literal is all.</summary>
internal sealed class ClientRowStep(byte[] literal, ClientField? field)
{
    public readonly byte[] Literal = [.. literal, .. new byte[ClientRowPlan.LiteralRoom - literal.Length]];
    public readonly int Length = literal.Length;
    public readonly ClientValueKind Kind = field?.Kind ?? ClientValueKind.Constant;
    public readonly ClientValue<long>? Number = field?.Number;
    public readonly ClientValue<bool>? Boolean = field?.Boolean;
    public readonly ClientValue<string?>? Text = field?.Text;
    public readonly ClientValueWriter? Write = field?.Write;
}
