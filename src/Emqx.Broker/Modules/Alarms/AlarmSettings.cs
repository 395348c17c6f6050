namespace Emqx.Broker.Modules.Alarms;

/// <summary>The root <c>alarm</c>. Milliseconds.</summary>
/// <param name="Log">actions has log: each alarm is logged.</param>
/// <param name="Publish">actions has publish: each alarm is published below $SYS.</param>
/// <param name="SizeLimit">Past alarms that are kept, 1 to 3000.</param>
/// <param name="ValidityPeriod">How long past alarms are kept.</param>
internal sealed record AlarmSettings(bool Log = true, bool Publish = true, int SizeLimit = 1000, long ValidityPeriod = 86_400_000);
