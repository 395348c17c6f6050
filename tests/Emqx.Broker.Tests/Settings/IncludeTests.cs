using Emqx.Broker.Node;
using Emqx.Broker.Settings.Layers;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>Files that emqx.conf includes.</summary>
public sealed class IncludeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emqx-include").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ConfigurationSources Read(string file)
    {
        Write("emqx.conf", file);
        return ConfigurationSources.From(NodeRoots.Catalogue, new Dictionary<string, string> { ["EMQX_ETC_DIR"] = _folder });
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllText(Path.Combine(_folder, name), text);
    }

    [Theory]
    [InlineData("include \"sub/more.conf\"")]
    [InlineData("include file(\"sub/more.conf\")")]
    [InlineData("include required(\"sub/more.conf\")")]
    [InlineData("include required( file( \"sub/more.conf\" ) )")]
    [InlineData("include \"${EMQX_ETC_DIR}/sub/more.conf\"")]
    public void Its_fields_stand_where_it_is_named(string line)
    {
        Write("sub/more.conf", "mqtt.max_inflight = 7\ninclude \"beside.conf\"");
        Write("sub/beside.conf", "mqtt { max_awaiting_rel = 8 }");
        var sources = Read($"mqtt.max_inflight = 6\n{line}");
        Assert.Empty(sources.Failures);
        Assert.Equal("""{"mqtt":{"max_inflight":7,"max_awaiting_rel":8}}""", sources.FileLayer.ToString());
    }

    [Fact]
    public void It_may_stand_in_a_block()
    {
        Write("more.conf", "max_inflight = 7\nmax_awaiting_rel = ${max_inflight}");
        Assert.Equal("""{"mqtt":{"max_inflight":7,"max_awaiting_rel":7}}""", Read("mqtt {\n include \"more.conf\"\n}").FileLayer.ToString());
    }

    [Theory]
    [InlineData("include \"none.conf\"")]
    [InlineData("include file(\"none.conf\")")]
    public void One_that_is_not_there_is_passed_over(string line)
    {
        var sources = Read($"{line}\nmqtt.max_inflight = 6");
        Assert.Empty(sources.Failures);
        Assert.Equal("""{"mqtt":{"max_inflight":6}}""", sources.FileLayer.ToString());
    }

    [Theory]
    [InlineData("include required(\"none.conf\")", "cannot include \"none.conf\": no such file")]
    [InlineData("include required(file(\"none.conf\"))", "cannot include \"none.conf\": no such file")]
    [InlineData("include url(\"http://127.0.0.1:1/x\")", "cannot include by url")]
    [InlineData("include classpath(\"x\")", "cannot include by classpath")]
    [InlineData("include \"emqx.conf\"", "cannot include \"emqx.conf\": it includes itself")]
    public void What_cannot_be_included_is_told_with_its_line(string line, string reason) =>
        Assert.EndsWith($", line 2: {reason}", Assert.Single(Read($"\n{line}").Failures), StringComparison.Ordinal);

    [Fact]
    public void A_circle_is_told_with_the_file_that_closes_it()
    {
        Write("a.conf", "include \"b.conf\"");
        Write("b.conf", "include \"a.conf\"");
        Assert.Equal($"{Path.Combine(_folder, "b.conf")}, line 1: cannot include \"a.conf\": it includes itself", Assert.Single(Read("include \"a.conf\"").Failures));
    }

    [Fact]
    public void Includes_have_a_bound()
    {
        for (var i = 0; i < 40; i++)
            Write($"c{i}.conf", $"include \"c{i + 1}.conf\"");
        Assert.Contains("too many includes", Assert.Single(Read("include \"c0.conf\"").Failures), StringComparison.Ordinal);
        Write("empty.conf", "");
        Assert.Contains("too many includes", Assert.Single(Read(string.Concat(Enumerable.Repeat("include \"empty.conf\"\n", 200))).Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_an_included_file_names_that_file()
    {
        Write("more.conf", "a = 1\nb = {");
        Assert.StartsWith(Path.Combine(_folder, "more.conf") + ", line 2:", Assert.Single(Read("include \"more.conf\"").Failures), StringComparison.Ordinal);
    }
}
