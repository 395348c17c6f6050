using Emqx.Broker.Access.Http;
using Xunit;

namespace Emqx.Broker.Tests.Access.Http;

/// <summary>Addresses of services, with places in path and query.</summary>
public sealed class AccessUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/auth/${username}?id=${clientid}", false, "http://127.0.0.1:8080", 8080, "/auth/${username}", "id=${clientid}")]
    [InlineData("http://example.com", false, "http://example.com", 80, "/", "")]
    [InlineData("http://example.com?a=1", false, "http://example.com", 80, "/", "a=1")]
    [InlineData("https://example.com/a b/ü", true, "https://example.com", 443, "/a%20b/%C3%BC", "")]
    [InlineData("http://[::1]:81/x", false, "http://[::1]:81", 81, "/x", "")]
    public void An_address_is_taken_apart(string text, bool isTls, string @base, int port, string path, string query)
    {
        var url = AccessUrl.Parse(text, out var problem);
        Assert.Null(problem);
        Assert.Equal((isTls, @base, port, path, query), (url!.IsTls, url.Base, url.Port, url.Path, url.Query));
        Assert.Equal(@base, $"{(isTls ? "https" : "http")}://{url.Authority}");
    }

    [Theory]
    [InlineData("127.0.0.1:8080/auth", "no_scheme")]
    [InlineData("ftp://127.0.0.1/", "unsupported_scheme")]
    [InlineData("http:///path", "no_host")]
    [InlineData("http://user:pass@host/", "userinfo_not_supported")]
    [InlineData("http://host/#part", "fragments_not_supported")]
    [InlineData("http://${clientid}/", "invalid_base")]
    [InlineData("http://host:99999/", "invalid_base")]
    [InlineData("http://host/?a=%zz", "invalid_query")]
    public void What_is_no_address_is_told(string text, string problem) => Assert.Equal(problem, AccessUrl.ProblemOf(text));
}
