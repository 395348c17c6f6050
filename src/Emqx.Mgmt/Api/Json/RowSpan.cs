using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Emqx.Mgmt.Api.Json;

/// <summary>Writes JSON into room that is known to suffice: literals become plain moves of known length.</summary>
internal ref struct RowSpan(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    public int Length { get; private set; }

    /// <summary>A literal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(_room[Length..]);
        Length += json.Length;
    }

    /// <summary>A literal, and the number behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Number(ReadOnlySpan<byte> json, long value)
    {
        Raw(json);
        if ((ulong)value < 10)
            _room[Length++] = (byte)('0' + value);
        else
            LargeNumber(value);
    }

    /// <summary>A literal, and the truth value behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bool(ReadOnlySpan<byte> json, bool value)
    {
        Raw(json);
        if (value)
            Raw("true"u8);
        else
            Raw("false"u8);
    }

    private void LargeNumber(long value)
    {
        Utf8Formatter.TryFormat(value, _room[Length..], out var written);
        Length += written;
    }
}
