namespace Emqx.Broker.Settings;

/// <summary>The root <c>log</c>: where lines go.</summary>
internal sealed record LogSettings(LogHandlerSettings Console, IReadOnlyList<LogFileSettings> Files);

/// <summary>What a handler logs, and in which form.</summary>
/// <param name="Level">EMQX's word: debug, info, notice, warning, error, critical, alert, emergency, all.</param>
/// <param name="TimestampFormat">auto, epoch or rfc3339.</param>
/// <param name="TimeOffset">system, utc or an offset such as +08:00.</param>
internal sealed record LogHandlerSettings(bool Enable, string Level, bool Json, string TimestampFormat, string TimeOffset);

/// <summary>A handler that writes to a file.</summary>
/// <param name="Path">May hold ${EMQX_LOG_DIR}.</param>
/// <param name="RotationCount">Most files, the present one included.</param>
/// <param name="RotationSize">Bytes at which a new file is begun; -1: never.</param>
internal sealed record LogFileSettings(string Name, LogHandlerSettings Handler, string Path, int RotationCount, long RotationSize);
