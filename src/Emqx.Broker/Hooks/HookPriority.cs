namespace Emqx.Broker.Hooks;

/// <summary>
/// Who is asked when, in the order of a client's life. Within a chain the higher number is asked first; a link that asks for nothing
/// stands at <see cref="Normal"/>. No two lines have the same number.
/// </summary>
internal enum HookPriority
{
    Normal = 0,

    /// <summary>client.connect: who is banned is not looked at any further.</summary>
    Bans = 1000,

    /// <summary>client.connect: counts who comes and is not banned.</summary>
    Flapping = 990,

    /// <summary>message.publish, client.subscribe and client.unsubscribe: for everybody else topics are what they are rewritten to.</summary>
    Rewrite = 980,

    /// <summary>message.publish: begins a message's span, under the name that it is routed by.</summary>
    Spans = 970,

    /// <summary>message.publish: counts what is published under the name that it is routed by, delayed or not.</summary>
    TopicMetrics = 940,

    /// <summary>client.authenticate: the authenticators of the configuration.</summary>
    Authenticators = 200,

    /// <summary>client.authorize: the sources of the configuration, asked when nobody else has decided.</summary>
    AuthorizationSources = -1000,

    /// <summary>message.publish: sees what was published, before anybody changes or takes it.</summary>
    Traces = 2000,

    /// <summary>message.publish: after rewriting, before what looks at messages on their way to subscribers.</summary>
    Delayed = 50,

    /// <summary>message.publish: keeps what nobody has stopped, as the others have left it.</summary>
    Retainer = -900,

    /// <summary>message.publish: waits until what was kept is in storage.</summary>
    RetainedOnDisc = -950,
}
