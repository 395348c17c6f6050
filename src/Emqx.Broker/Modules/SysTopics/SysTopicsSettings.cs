namespace Emqx.Broker.Modules.SysTopics;

/// <summary>The root <c>sys_topics</c>. Milliseconds; -1: disabled.</summary>
internal sealed record SysTopicsSettings(long SysMsgInterval = 60_000, long SysHeartbeatInterval = 30_000, bool ClientConnected = true,
    bool ClientDisconnected = true, bool ClientSubscribed = false, bool ClientUnsubscribed = false);
