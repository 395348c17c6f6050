using System.Globalization;
using System.Net;
using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>What traces see of the broker. While none runs, nothing hangs on the hooks.</summary>
internal sealed class TraceTaps(BrokerHooks hooks, SessionTable sessions)
{
    /// <summary>How EMQX prints that there is none.</summary>
    private const string NoUsername = "undefined";

    private RunningTrace[] _running = [];
    private IDisposable[] _links = [];

    /// <summary>From now on these run; not to be called at once by several.</summary>
    public void Use(IReadOnlyList<RunningTrace> traces)
    {
        RunningTrace[] running = [.. traces.Where(static trace => trace.Filter.Type != TraceType.Ruleid)]; // there are no rules yet
        RunningTrace[] ofClients = [.. running.Where(static trace => trace.Filter.IsOfClients)];
        Volatile.Write(ref _running, running);
        hooks.PacketWatcher = ofClients.Length == 0 ? null : new TracedClients(ofClients);
        if (running.Length == 0)
            Detach();
        else if (_links.Length == 0)
            Attach();
    }

    private void Attach() => _links =
    [
        hooks.MessagePublish.Add(OnPublish, HookPriority.Traces),
        hooks.ClientAuthenticateStep.Add(OnAuthentication),
        hooks.AuthorizationAnswered.Add(OnAnswered),
        hooks.ClientCheckAuthzComplete.Add(OnAuthorized),
        hooks.SessionSubscribed.Add(told => OnSubscription("SUBSCRIBE", "subscribe", told.Session, told.Subscription)),
        hooks.SessionUnsubscribed.Add(told => OnSubscription("UNSUBSCRIBE", "unsubscribe", told.Session, told.Subscription)),
        hooks.ClientDisconnected.Add(OnDisconnected),
    ];

    private void Detach()
    {
        foreach (var link in _links)
            link.Dispose();
        _links = [];
    }

    private HookResult OnPublish(PublishAttempt attempt)
    {
        var message = attempt.Message;
        foreach (var trace in Volatile.Read(ref _running))
        {
            if (trace.Filter.Concerns(message) && !IsSystem(message.Topic))
                TellOfMessage(trace, message);
        }

        return HookResult.Continue;
    }

    private void TellOfMessage(RunningTrace trace, Message message)
    {
        var client = message.FromPeerHost is null ? null : sessions.Find(message.From)?.Client;
        trace.Log.Add(new TraceEvent("PUBLISH", "publish_to")
        {
            ClientId = client?.ClientId ?? (message.FromPeerHost is null ? "" : message.From),
            Peer = client is null ? message.FromPeerHost ?? "" : PeerOf(client),
            Fields = [new("topic", message.Topic)],
            HasPayload = true,
            Payload = message.Payload.Span,
        });
    }

    private void OnAuthentication(AuthenticationStep told)
    {
        var result = new TraceField("result", TraceAuthn.ResultOf(told));
        switch (told.Stage)
        {
            case AuthenticationStage.Listener:
                Tell(told.Client, null, TraceAuthn.Tag, "pre_hook_authenticate", [new("reason", "enable_authn_false"), result]);
                break;
            case AuthenticationStage.Authenticator:
                Tell(told.Client, null, TraceAuthn.Tag, told.Word == AuthenticationWord.Failed ? "authenticator_error" : "authenticator_result", [new("authenticator", told.Authenticator), result]);
                break;
            default:
                Tell(told.Client, null, TraceAuthn.Tag, "authentication_result", [new("reason", "chain_result"), result]);
                break;
        }
    }

    private void OnAnswered(AuthorizationAnswered told)
    {
        var request = told.Request;
        Tell(request.Client, request.Topic, "AUTHZ", WordOf(told.Verdict),
        [
            new("action", ActionOf(request.IsPublish, request.Qos, request.Retain)),
            new("authorize_type", told.Source),
            new("module", told.Source == BuiltInSource.TypeName ? "emqx_authz_mnesia" : $"emqx_authz_{told.Source}"),
            new("topic", request.Topic),
            new("username", request.Client.Username ?? NoUsername),
        ]);
    }

    /// <summary>Of what was decided EMQX writes where nobody was asked, and where a client was denied something.</summary>
    private void OnAuthorized(AuthorizationChecked told)
    {
        var isSuperuser = told.From == Authorizer.FromSuperuser;
        if (told.IsAllowed && !isSuperuser)
            return; // as nearly every publish: nothing is made for it
        var action = new TraceField("action", ActionOf(told.IsPublish, told.Qos, told.Retain));
        if (isSuperuser)
            Tell(told.Client, told.Topic, "AUTHZ", "authorization_skipped_as_superuser", [action, new("topic", told.Topic), new("username", told.Client.Username ?? NoUsername)]);
        else if (told.IsPublish)
            Tell(told.Client, told.Topic, "AUTHZ", "cannot_publish_to_topic_due_to_not_authorized", [new("reason", "not_authorized"), new("topic", told.Topic)]);
        else if (!told.IsRemembered)
            Tell(told.Client, told.Topic, "AUTHZ", "authorization_permission_denied", [action, new("source", told.From), new("topic", told.Topic)]);
    }

    private static string WordOf(AuthzVerdict verdict) => verdict switch
    {
        AuthzVerdict.Allow => "authorization_matched_allow",
        AuthzVerdict.Deny => "authorization_matched_deny",
        AuthzVerdict.Ignore => "authorization_module_ignore",
        _ => "authorization_nomatch",
    };

    private static string ActionOf(bool isPublish, byte qos, bool retain) => isPublish
        ? string.Create(CultureInfo.InvariantCulture, $"PUBLISH(Q{qos},R{(retain ? 1 : 0)})")
        : string.Create(CultureInfo.InvariantCulture, $"SUBSCRIBE(Q{qos})");

    private void OnSubscription(string tag, string word, Session session, Subscription subscription)
    {
        var o = subscription.Options;
        var (noLocal, asPublished) = (o.NoLocal ? 1 : 0, o.RetainAsPublished ? 1 : 0);
        var options = new TraceField("sub_opts",
            string.Create(CultureInfo.InvariantCulture, $"[nl: {noLocal}, qos: {o.Qos}, rap: {asPublished}, rh: {o.RetainHandling}]"),
            string.Create(CultureInfo.InvariantCulture, $$"""{"nl":{{noLocal}},"qos":{{o.Qos}},"rap":{{asPublished}},"rh":{{o.RetainHandling}}}"""));
        Tell(session.Client, subscription.Filter.Topic, tag, word, [new("sub_id", session.ClientId), options, new("topic", subscription.Filter.Text)]);
    }

    private void OnDisconnected(ClientDisconnected left) => Tell(left.Client, null, "SOCKET", "emqx_connection_terminated", [new("reason", left.Reason)]);

    private void Tell(ClientInfo client, string? topic, string tag, string word, ReadOnlySpan<TraceField> fields)
    {
        if (topic is not null && IsSystem(topic))
            return;
        foreach (var trace in Volatile.Read(ref _running))
        {
            if (trace.Filter.Concerns(client, topic))
                trace.Log.Add(new TraceEvent(tag, word) { ClientId = client.ClientId, Peer = PeerOf(client), Fields = fields });
        }
    }

    /// <summary>EMQX traces none of them.</summary>
    private static bool IsSystem(string topic) => topic.StartsWith("$SYS/", StringComparison.Ordinal);

    private static string PeerOf(ClientInfo client) => new IPEndPoint(client.PeerAddress, client.PeerPort).ToString();
}
