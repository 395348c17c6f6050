using System.Net;
using Emqx.Broker.Hooks;

namespace Emqx.Broker.Modules.SysTopics;

/// <summary>
/// The default rule on system topics, asked when nobody else has decided: only clients on this machine and the user
/// <c>dashboard</c> may subscribe to <c>$SYS/#</c> or to <c>#</c> itself.
/// </summary>
internal sealed class SysAccess : INodeModule
{
    public void Attach(BrokerHooks hooks) => hooks.ClientAuthorize.Add(Authorize, HookPriority.SystemTopics);

    private static HookResult Authorize(AuthorizeRequest request)
    {
        if (request.Verdict is not null || request.IsPublish || !IsSystem(request.Topic))
            return HookResult.Continue;
        var client = request.Client;
        if (client.Username != "dashboard" && !IPAddress.IsLoopback(client.PeerAddress))
            request.Verdict = false;
        return HookResult.Continue;
    }

    private static bool IsSystem(string filter)
    {
        // A shared subscription is judged by what it listens to.
        var topic = filter.AsSpan();
        if (topic.StartsWith("$queue/"))
            topic = topic[7..];
        else if (topic.StartsWith("$share/"))
            topic = topic[7..] is var rest && rest.IndexOf('/') is >= 0 and var end ? rest[(end + 1)..] : rest;
        return topic is "#" or "$SYS" || topic.StartsWith("$SYS/");
    }
}
