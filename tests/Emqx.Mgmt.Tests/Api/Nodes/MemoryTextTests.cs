using Emqx.Mgmt.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Nodes;

public class MemoryTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1023, "1023")]
    [InlineData(1536, "1.50K")]
    [InlineData(796_323_512, "759.43M")]
    [InlineData(25_275_777_024, "23.54G")]
    public void Sizes_have_two_decimals_and_a_letter(long bytes, string text) => Assert.Equal(text, MemoryText.Format(bytes));
}
