using Emqx.Broker.Node;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Hosting;
using Emqx.Mgmt.Hosting.Logs;
using Emqx.Storage.Sqlite;

// Sockets' completions run on the thread that saw them: the broker's packet handlers never block. Read once by the runtime.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

if (args is ["describe", var file])
    return await NodeHost.DescribeAsync(file);

using var hangup = new HangupSignal();
var bare = new HeadStart<WebApplicationBuilder>(() =>
{
    SqliteDatabase.LoadLibrary();
    return NodeHost.CreateBareBuilder(args);
});
var sources = ConfigurationSources.FromProcess(NodeRoots.Catalogue);
string? problem = null;
await using var database = sources.Failures.Count > 0 ? null : SqliteDatabase.TryOpen(sources.DataFolder, out problem);
if (problem is not null)
{
    await Console.Error.WriteLineAsync($"[error] {problem}");
    return 1;
}

var stored = database is null ? new Dictionary<string, string>() : await database.LoadSettingsAsync(CancellationToken.None);
if (NodeConfiguration.Load(sources, stored, out var failures) is not { } configuration)
{
    foreach (var failure in failures)
        await Console.Error.WriteLineAsync($"[error] failed_to_check_schema: {failure}");
    return 1;
}

if (LogFileSwitch.RefusalAtStart(configuration) is { } refusal)
{
    await Console.Error.WriteLineAsync($"[error] {refusal}");
    return 1;
}

var builder = bare.Take().WithNode(configuration);
if (database is not null)
    builder.Services.AddSqliteStorage(database);

var app = builder.Build();
app.MapManagementApi();
app.Lifetime.ApplicationStarted.Register(() => hangup.Reach(app.Services));
try
{
    await app.RunAsync();
    return 0;
}
catch (IOException error)
{
    await Console.Error.WriteLineAsync($"[error] {error.Message}"); // mostly: an address in use
    return 1;
}
