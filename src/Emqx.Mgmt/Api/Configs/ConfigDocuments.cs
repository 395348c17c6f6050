namespace Emqx.Mgmt.Api.Configs;

/// <summary>A root that is read and written as JSON. Its fields are those of the root's table, also in the API's description.</summary>
internal interface IRootDocument
{
    static abstract string Root { get; }
}

/// <summary>The root <c>alarm</c>.</summary>
internal sealed record AlarmDocument : IRootDocument
{
    public static string Root => "alarm";
}

/// <summary>The root <c>broker</c>.</summary>
internal sealed record BrokerDocument : IRootDocument
{
    public static string Root => "broker";
}

/// <summary>The root <c>dashboard</c>.</summary>
internal sealed record DashboardDocument : IRootDocument
{
    public static string Root => "dashboard";
}

/// <summary>The root <c>log</c>.</summary>
internal sealed record LogDocument : IRootDocument
{
    public static string Root => "log";
}

/// <summary>The root <c>sys_topics</c>.</summary>
internal sealed record SysTopicsDocument : IRootDocument
{
    public static string Root => "sys_topics";
}

/// <summary>The root <c>sysmon</c>.</summary>
internal sealed record SysmonDocument : IRootDocument
{
    public static string Root => "sysmon";
}

/// <summary>The root <c>limiter</c>.</summary>
internal sealed record LimiterDocument : IRootDocument
{
    public static string Root => "limiter";
}

/// <summary>The root <c>mqtt</c>.</summary>
internal sealed record MqttDocument : IRootDocument
{
    public static string Root => "mqtt";
}

/// <summary>The root <c>flapping_detect</c>.</summary>
internal sealed record FlappingDetectDocument : IRootDocument
{
    public static string Root => "flapping_detect";
}

/// <summary>The root <c>force_shutdown</c>.</summary>
internal sealed record ForceShutdownDocument : IRootDocument
{
    public static string Root => "force_shutdown";
}

/// <summary>The root <c>force_gc</c>.</summary>
internal sealed record ForceGcDocument : IRootDocument
{
    public static string Root => "force_gc";
}

/// <summary>The root <c>durable_sessions</c>.</summary>
internal sealed record DurableSessionsDocument : IRootDocument
{
    public static string Root => "durable_sessions";
}

/// <summary>The roots of the global zone, the settings that all zones inherit.</summary>
/// <param name="Mqtt">How the node speaks MQTT.</param>
/// <param name="FlappingDetect">When clients that come and go too often are banned.</param>
/// <param name="ForceShutdown">When clients that take up too much are dropped.</param>
/// <param name="ForceGc">Kept for EMQX's sake: when memory would be collected.</param>
/// <param name="DurableSessions">Sessions that live on disc.</param>
internal sealed record GlobalZoneDocument(MqttDocument Mqtt, FlappingDetectDocument FlappingDetect, ForceShutdownDocument ForceShutdown,
    ForceGcDocument ForceGc, DurableSessionsDocument DurableSessions);

/// <summary>The six roots that have an address of their own, in one object.</summary>
/// <param name="Alarm">How alarms are kept and told.</param>
/// <param name="Broker">How sessions are registered.</param>
/// <param name="Dashboard">The HTTP side.</param>
/// <param name="Log">What is logged, and where.</param>
/// <param name="SysTopics">When the system topics are published.</param>
/// <param name="Sysmon">When the node raises alarms about itself.</param>
internal sealed record ConfigsDocument(AlarmDocument Alarm, BrokerDocument Broker, DashboardDocument Dashboard, LogDocument Log,
    SysTopicsDocument SysTopics, SysmonDocument Sysmon);
