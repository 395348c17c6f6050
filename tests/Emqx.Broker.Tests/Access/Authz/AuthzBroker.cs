using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz;

/// <summary>A broker whose root authorization a test sets.</summary>
internal static class AuthzBroker
{
    public static async Task<TestBroker> StartAsync(string authorization, TimeProvider? time = null)
    {
        var broker = await TestBroker.StartAsync(time: time);
        broker.Authorize(authorization);
        return broker;
    }

    /// <summary>Puts the root in force, checked as a change of the API is.</summary>
    public static void Authorize(this TestBroker broker, string authorization)
    {
        List<Violation> problems = [];
        var kept = AuthorizationRoot.Root.Kind.Check(ConfigJson.Parse(authorization), AuthorizationRoot.Name, problems);
        Assert.Empty(problems);
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { [AuthorizationRoot.Name] = kept! });
    }

    /// <summary>A root with one source, a file with these rules.</summary>
    public static string FileOf(string rules, string more = "") =>
        new ConfigObject(new() { ["sources"] = new ConfigArray([new ConfigObject(new() { ["type"] = "file", ["rules"] = rules })]) })
            .MergedWith((ConfigObject)ConfigJson.Parse($"{{{more}}}")).ToString();
}
