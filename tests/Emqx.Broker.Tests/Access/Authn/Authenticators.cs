using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Emqx.TestKit.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn;

/// <summary>Authenticators without a broker.</summary>
internal static class Authenticators
{
    private static readonly AuthenticationKind s_kind = new(AuthenticatorCatalogue.All);

    /// <summary>Makes one of a configuration, which is checked first.</summary>
    public static IAuthenticator Make(string json, TimeProvider? time = null)
    {
        var entry = Assert.Single(Check(json, out var problems)!.Items);
        Assert.Empty(problems);
        return s_kind.Find(entry)!.Create((ConfigObject)entry, Services(time ?? TimeProvider.System));
    }

    /// <summary>Checks a configuration as a change of it is.</summary>
    public static ConfigArray? Check(string json, out List<Violation> problems)
    {
        problems = [];
        return s_kind.Check(ConfigJson.Parse($"[{json}]"), "authentication", problems) as ConfigArray;
    }

    /// <summary>What there is in a node for authenticators and sources.</summary>
    public static IServiceProvider Services(TimeProvider time) => new ServiceCollection().AddSingleton(time).AddSingleton(new ConfigPaths(".", ".")).AddSingleton<HashingThreads>()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).BuildServiceProvider();

    public static ValueTask<AuthnVerdict> AskAsync(this IAuthenticator authenticator, string? password, string? username = "ann", string clientId = "c1", string? method = null) =>
        authenticator.AuthenticateAsync(new(FakeClient.Info(clientId, username), password is null ? default : Encoding.UTF8.GetBytes(password), method, default, null), CancellationToken.None);
}
