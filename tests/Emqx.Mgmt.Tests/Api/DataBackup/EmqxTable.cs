using System.Buffers.Binary;
using System.Text;

namespace Emqx.Mgmt.Tests.Api.DataBackup;

/// <summary>Writes a table as EMQX's backups hold it. Atoms are given as <see cref="Name"/>, tuples as object[], binaries as texts or bytes.</summary>
internal sealed class EmqxTable
{
    private readonly MemoryStream _file = new();

    public EmqxTable(string table)
    {
        _file.Write([1, 2, 3, 4, 99, 88, 77, 11]);
        Add(new Name("log_header"), new Name("backup_log"), "1.2"u8.ToArray());
        Add(new Name("schema"), new Name(table), new List<object>());
    }

    public byte[] Bytes => _file.ToArray();

    /// <summary>A tuple as a row.</summary>
    public EmqxTable Add(params object[] row)
    {
        var term = new MemoryStream();
        term.WriteByte(131);
        Write(term, row);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, (int)term.Length);
        _file.Write(length);
        _file.Write([98, 87, 76, 65]);
        if (term.Length >= 65_528)
            _file.Write(new byte[16]); // a hash of the length, which nobody needs
        _file.Write(term.ToArray());
        return this;
    }

    private static void Write(MemoryStream into, object term)
    {
        switch (term)
        {
            case Name name:
                into.Write([119, (byte)name.Text.Length, .. Encoding.UTF8.GetBytes(name.Text)]);
                break;
            case int number and >= 0 and < 256:
                into.Write([97, (byte)number]);
                break;
            case long number:
                var digits = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(digits, number);
                into.Write([110, 8, 0, .. digits]);
                break;
            case string text:
                Write(into, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                into.WriteByte(109);
                WriteLength(into, bytes.Length);
                into.Write(bytes);
                break;
            case object[] tuple:
                into.Write([104, (byte)tuple.Length]);
                foreach (var item in tuple)
                    Write(into, item);
                break;
            case Dictionary<Name, object> map:
                into.WriteByte(116);
                WriteLength(into, map.Count);
                foreach (var (name, value) in map)
                {
                    Write(into, name);
                    Write(into, value);
                }

                break;
            default:
                into.WriteByte(106);
                break;
        }
    }

    private static void WriteLength(MemoryStream into, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        into.Write(bytes);
    }
}

/// <summary>An atom.</summary>
internal sealed record Name(string Text);
