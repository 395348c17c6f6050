using System.Text;
using Emqx.Broker.Modules.Tracing;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>Logs are read piece by piece, in whole characters.</summary>
public sealed class TraceReaderTests
{
    private readonly FakeTraceFile _file = new();

    private async Task<(string Text, long Next)> Read(long position, int bytes)
    {
        var read = await TraceReader.ReadAsync(_file, position, bytes, TestContext.Current.CancellationToken);
        return (read.Text, read.Next);
    }

    [Fact]
    public async Task Nothing_is_read_of_an_empty_one_and_it_goes_on_where_it_was_asked_for() => Assert.Equal(("", 7L), await Read(7, 100));

    [Theory]
    [InlineData(0, 4, "0123", 4)]
    [InlineData(4, 100, "456789", 10)]
    [InlineData(10, 100, "", 10)]
    [InlineData(500, 100, "", 10)]
    [InlineData(long.MaxValue, 100, "", 10)]
    [InlineData(-3, 2, "01", 2)]
    [InlineData(long.MinValue, 2, "01", 2)]
    [InlineData(3, 0, "", 3)]
    [InlineData(0, int.MaxValue, "0123456789", 10)]
    public async Task A_piece_begins_and_ends_where_it_should(long position, int bytes, string text, long next)
    {
        _file.Append("0123456789"u8);
        Assert.Equal((text, next), await Read(position, bytes));
    }

    [Fact]
    public async Task No_character_is_taken_apart_and_whoever_reads_on_comes_to_the_end()
    {
        const string Whole = "aü€😀b";
        _file.Append(Encoding.UTF8.GetBytes(Whole));
        foreach (var bytes in (int[])[4, 5, 6, 7])
        {
            var text = new StringBuilder();
            var position = 0L;
            for (var (piece, next) = await Read(0, bytes); piece.Length > 0; (piece, next) = await Read(position, bytes))
            {
                text.Append(piece);
                position = next;
            }

            Assert.Equal(Whole, text.ToString());
        }
    }

    [Fact]
    public async Task A_piece_smaller_than_a_character_goes_on_all_the_same()
    {
        _file.Append(Encoding.UTF8.GetBytes("😀"));
        Assert.Equal(1, (await Read(0, 1)).Next);
    }

    [Fact]
    public async Task A_piece_has_a_bound_whatever_is_asked_for()
    {
        _file.Append(new byte[TraceReader.MostBytes + 5].AsSpan());
        Assert.Equal(TraceReader.MostBytes, (await Read(0, int.MaxValue)).Next);
    }
}
