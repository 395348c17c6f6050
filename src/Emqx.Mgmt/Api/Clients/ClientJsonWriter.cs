using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>Writes clients as JSON objects, straight from their rows. Exporters and dashboards read them all day, hence the prepared steps.</summary>
internal static class ClientJsonWriter
{
    /// <summary>Bytes that a row takes with all columns, about.</summary>
    public const int TypicalRow = 1280;

    /// <summary>Writes one client.</summary>
    public static void Write(RowBuffer json, in ClientRow row, ClientColumns columns)
    {
        var client = new ClientFacts(row);
        var plan = client.IsConnected ? columns.OfPresent : columns.OfAbsent;
        var room = json.GetSpan(plan.Room);
        var at = 0;
        foreach (var step in plan.Steps)
        {
            step.Literal.AsSpan(0, ClientRowPlan.LiteralRoom).CopyTo(room.Slice(at, ClientRowPlan.LiteralRoom));
            at += step.Length;
            if (step.Kind == ClientValueKind.Number)
                at += WriteNumber(step.Number!(client), room[at..]);
            else if (step.Kind >= ClientValueKind.Text)
            {
                json.Advance(at);
                WriteText(json, step, client);
                room = json.GetSpan(plan.Room);
                at = 0;
            }
            else
                at += WriteShort(json.Times, step, client, room[at..]);
        }

        json.Advance(at);
    }

    private static int WriteShort(RowTime times, ClientRowStep step, in ClientFacts client, Span<byte> into) => step.Kind switch
    {
        ClientValueKind.Boolean => WriteBoolean(step.Boolean!(client), into),
        ClientValueKind.Limit => WriteLimit(step.Number!(client), into),
        ClientValueKind.Moment => WriteMoment(times, step.Number!(client), into),
        _ => 0,
    };

    private static int WriteMoment(RowTime times, long moment, Span<byte> into)
    {
        if (moment != long.MaxValue)
            return times.Write(moment, into);
        "null"u8.CopyTo(into);
        return "null"u8.Length;
    }

    private static void WriteText(RowBuffer json, ClientRowStep step, in ClientFacts client)
    {
        if (step.Kind == ClientValueKind.Text)
            json.TextOrNull(step.Text!(client));
        else
            step.Write!(json, client);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteNumber(long value, Span<byte> into)
    {
        if ((ulong)value >= 10)
            return WriteLargeNumber(value, into);
        into[0] = (byte)('0' + value);
        return 1;
    }

    private static int WriteLargeNumber(long value, Span<byte> into)
    {
        Utf8Formatter.TryFormat(value, into, out var written);
        return written;
    }

    private static int WriteBoolean(bool value, Span<byte> into)
    {
        (value ? "true "u8 : "false"u8).CopyTo(into);
        return value ? 4 : 5;
    }

    private static int WriteLimit(long value, Span<byte> into)
    {
        if (value > 0)
            return WriteNumber(value, into);
        "\"infinity\""u8.CopyTo(into);
        return "\"infinity\""u8.Length;
    }
}
