using System.Diagnostics;
using System.Runtime.CompilerServices;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>
/// Spans of messages, named as EMQX names them: <c>process_message</c> from the publisher to the last of its subscribers, and below it a
/// <c>send_published_message</c> for each packet that goes to one. A message goes on with the trace that its user property
/// <c>traceparent</c> names, and takes that property along as any other.
/// </summary>
internal sealed class MessageSpans : IDisposable
{
    private const string Topic = "messaging.destination.name", Client = "messaging.client_id", SystemTopics = "$SYS/";

    /// <summary>Of those that are traced alone, and as long as they are somewhere: other messages have no room for it.</summary>
    private readonly ConditionalWeakTable<Message, Span> _spans = new();

    private readonly ActivitySource _source;
    private readonly bool _all;
    private readonly IDisposable[] _links;

    /// <param name="all">Messages that bring no trace along begin one.</param>
    public MessageSpans(BrokerHooks hooks, ActivitySource source, bool all)
    {
        (_source, _all) = (source, all);
        _links =
        [
            hooks.MessagePublish.Add(OnPublish, HookPriority.Spans),
            hooks.MessageRouted.Add(OnRouted),
            hooks.MessageDelivered.Add(OnDelivered),
        ];
    }

    /// <summary>A message's own span, which is open until the message is on its way.</summary>
    private sealed class Span(ActivityContext context, Activity activity)
    {
        private Activity? _activity = activity;

        public ActivityContext Context { get; } = context;

        public Activity? Take() => Interlocked.Exchange(ref _activity, null);
    }

    public void Dispose()
    {
        foreach (var link in _links)
            link.Dispose();
    }

    private HookResult OnPublish(PublishAttempt attempt)
    {
        var message = attempt.Message;
        if (message.IsSystem || message.Topic.StartsWith(SystemTopics, StringComparison.Ordinal))
            return HookResult.Continue;
        if (!TraceParent.TryFind(message.Properties, out var parent) && !_all)
            return HookResult.Continue;
        if (Start("process_message", parent, message.Topic, message.From) is { } activity)
            _spans.AddOrUpdate(message, new Span(activity.Context, activity));
        return HookResult.Continue;
    }

    private void OnRouted(MessageRouted told)
    {
        if (_spans.TryGetValue(told.Message, out var span) && span.Take() is { } activity)
            Stop(activity);
    }

    private void OnDelivered(MessageDelivered told)
    {
        if (_spans.TryGetValue(told.Message, out var span) && Start("send_published_message", span.Context, told.Message.Topic, told.Session.ClientId) is { } activity)
            Stop(activity);
    }

    /// <summary>Null: it is not sampled. What else the thread does belongs to no span.</summary>
    private Activity? Start(string name, ActivityContext parent, string topic, string client)
    {
        var around = Activity.Current;
        Activity.Current = null; // of a request to the API, which is no parent
        var activity = _source.CreateActivity(name, ActivityKind.Internal, parent);
        activity?.SetTag(Topic, topic).SetTag(Client, client).Start();
        Activity.Current = around;
        return activity;
    }

    private static void Stop(Activity activity)
    {
        var around = Activity.Current;
        activity.Stop();
        Activity.Current = around;
    }
}
