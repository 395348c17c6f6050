using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Logging;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>log</c>.</summary>
internal static class LogSchema
{
    /// <summary>EMQX's words for what is logged from which level on.</summary>
    public static readonly ValueKind Level = Enum("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency", "all");

    private static readonly StructKind s_console = Struct("emqx.console_handler", Handler(enable: false));

    private static readonly StructKind s_fileHandler = Struct("emqx.log_file_handler", [
        Field("path", Text, "${EMQX_LOG_DIR}/emqx.log").Says("The file.") with { Aliases = ["file", "to"] },
        Field("rotation_count", new RotationKind(), 10).Says("Most files, the present one included.") with { Aliases = ["rotation"] },
        Field("rotation_size", OrInfinity(Bytes), "50MB").Says("Size at which a new file is begun.") with { Aliases = ["max_size"] },
        .. Handler(enable: true),
    ]);

    private static readonly ValueKind s_fileForm = new ChoiceKind(new MapKind(s_fileHandler) { KeyName = "handler_name" }, s_fileHandler);

    private static readonly StructKind s_throttling = Struct("emqx.log_throttling", Field("time_window", Seconds, "1m")
        .Says("The time in which a repeated line is logged once."), Hidden("msgs", Open));

    private static readonly StructKind s_table = Struct("emqx.log",
        Part("console", s_console).Says("What is logged to the console.") with { Aliases = ["console_handler"] },
        Field("file", new LogFileKind(s_fileHandler), new ConfigObject(new() { ["default"] = ConfigObject.Empty }))
            .Says("What is logged to files, by name.") with { Aliases = ["file_handlers"], Form = s_fileForm },
        Part("throttling", s_throttling).Says("Lines that come too often."),
        Hidden("audit", Open));

    public static readonly Root<LogSettings> Root = new("log", s_table, Read)
    {
        Completion = Completion.Sections,
        Address = new("what is logged, and where"),
    };

    /// <summary>What EMQX's word stands for.</summary>
    public static LogLevel LevelOf(string word) => word switch
    {
        "all" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "notice" => LogLevel.Information,
        "error" => LogLevel.Error,
        "critical" or "alert" or "emergency" => LogLevel.Critical,
        _ => LogLevel.Warning,
    };

    private static LogSettings Read(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(ReadHandler(read.Part("console")), [.. read.Object("file")?.Select(static one => ReadFile(one.Key, one.Value)) ?? []]);
    }

    private static LogHandlerSettings ReadHandler(SettingsReader handler) => new(handler.Flag("enable"), handler.Text("level"), handler.Text("formatter") == "json",
        handler.Text("timestamp_format"), handler.Text("time_offset"));

    private static LogFileSettings ReadFile(string name, ConfigValue value)
    {
        var file = new SettingsReader(value as ConfigObject ?? ConfigObject.Empty);
        return new(name, ReadHandler(file), file.Text("path"), file.Int("rotation_count"), file.Bytes("rotation_size"));
    }

    private static StructField[] Handler(bool enable) =>
    [
        Field("level", Level, "warning")
            .Says("The lowest level that is logged."),
        Field("enable", Flag, enable).Says("Whether it is on."),
        Field("formatter", Enum("text", "json"), "text").Says("Lines of text or JSON.") with { Aliases = ["format"] },
        Field("timestamp_format", Enum("auto", "epoch", "rfc3339"), "auto").Says("How times are written; auto: rfc3339 in text, epoch in JSON."),
        Field("time_offset", new TextKind("string()", OffsetProblem), "system").Says("Time zone: system, utc or an offset such as +08:00."),
        Field("payload_encode", Enum("hex", "text", "hidden"), "text").Says("How payloads are written, if at all."),
        Hidden("chars_limit", Open),
        Hidden("single_line", Flag),
        Hidden("sync_mode_qlen", Open),
        Hidden("drop_mode_qlen", Open),
        Hidden("flush_qlen", Open),
        Hidden("overload_kill", Open),
        Hidden("burst_limit", Open),
        Hidden("supervisor_reports", Open),
        Hidden("max_depth", Open),
        Hidden("with_mfa", Flag),
    ];

    private static string? OffsetProblem(string text) => text is "system" or "utc" or ['+' or '-', >= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']
        ? null : "should be 'utc', 'system' or offset like '+08:00'";
}
