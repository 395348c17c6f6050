using System.Text.Json;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage.InMemory;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

public class AlarmTests
{
    private readonly ManualClock _time = Fakes.Clock();
    private readonly InMemoryAlarmStore _store = new();
    private readonly PublishedMessages _published = new();
    private readonly SettingsRoot<AlarmSettings> _settings = new(new AlarmSettings());

    private AlarmList Alarms() => new(_store, _settings, new AlarmTopics(_published, Fakes.Node(_time), _time), Fakes.Node(_time), _time,
        NullLogger<AlarmList>.Instance);

    [Fact]
    public async Task An_alarm_is_active_until_it_is_ended_and_then_past()
    {
        using var alarms = Alarms();
        Assert.True(await alarms.ActivateAsync("a", """{"x":1}""", "it happened", default));
        Assert.False(await alarms.ActivateAsync("a", "{}", "again", default));
        _time.Advance(TimeSpan.FromMilliseconds(119));
        Assert.True(await alarms.DeactivateAsync("a", default));
        Assert.False(await alarms.DeactivateAsync("a", default));
        Assert.Empty(await alarms.ListAsync(active: true, default));
        var past = Assert.Single(await alarms.ListAsync(active: false, default));
        Assert.Equal(119_000, past.DeactivatedAt - past.ActivatedAt);
        Assert.Equal(("a", "it happened", """{"x":1}"""), (past.Name, past.Message, past.Details));
    }

    [Fact]
    public async Task After_a_restart_active_alarms_are_past_ones()
    {
        using var before = Alarms();
        await before.ActivateAsync("a", "{}", "m", default);
        _time.Advance(TimeSpan.FromSeconds(5));
        using var after = Alarms();
        await after.LoadAsync(default);
        Assert.Empty(await after.ListAsync(active: true, default));
        Assert.Equal("a", Assert.Single(await after.ListAsync(active: false, default)).Name);
        Assert.True(await after.ActivateAsync("a", "{}", "m", default));
    }

    [Fact]
    public async Task Past_alarms_are_bounded_in_number_and_age()
    {
        _settings.Replace(new AlarmSettings(SizeLimit: 3, ValidityPeriod: 3_600_000));
        using var alarms = Alarms();
        for (var i = 0; i < 5; i++)
        {
            await alarms.ActivateAsync($"a{i}", "{}", "m", default);
            _time.Advance(TimeSpan.FromSeconds(1));
            await alarms.DeactivateAsync($"a{i}", default);
        }

        Assert.Equal(["a4", "a3", "a2"], (await alarms.ListAsync(active: false, default)).Select(a => a.Name));
        Assert.Equal(3, (await _store.LoadAsync(default)).Count);
        _time.Advance(TimeSpan.FromHours(2));
        await alarms.TickAsync(_time.Ms(), default);
        Assert.Empty(await alarms.ListAsync(active: false, default));
        Assert.Empty(await _store.LoadAsync(default));
    }

    [Fact]
    public async Task Clearing_leaves_active_ones()
    {
        using var alarms = Alarms();
        await alarms.ActivateAsync("a", "{}", "m", default);
        await alarms.ActivateAsync("b", "{}", "m", default);
        await alarms.DeactivateAsync("a", default);
        await alarms.ClearPastAsync(default);
        Assert.Empty(await alarms.ListAsync(active: false, default));
        Assert.Single(await alarms.ListAsync(active: true, default));
    }

    [Fact]
    public async Task Alarms_are_told_below_SYS_when_actions_has_publish()
    {
        using var alarms = Alarms();
        await alarms.ActivateAsync("a", """{"x":1}""", "m", default);
        var up = await _published.NextAsync();
        Assert.Equal(("$SYS/brokers/emqx@127.0.0.1/alarms/activate", true, (byte)0), (up.Topic, up.IsSystem, up.Qos));
        using var json = JsonDocument.Parse(up.Payload);
        Assert.Equal(["name", "details", "message", "activate_at", "deactivate_at", "activated"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("infinity", json.RootElement.GetProperty("deactivate_at").GetString());
        await alarms.DeactivateAsync("a", default);
        Assert.EndsWith("alarms/deactivate", (await _published.NextAsync()).Topic);

        _settings.Replace(new AlarmSettings(Publish: false));
        await alarms.ActivateAsync("b", "{}", "m", default);
        Assert.Empty(_published.All);
    }

    [Fact]
    public async Task A_busy_machine_raises_an_alarm_and_a_calm_one_ends_it()
    {
        var folder = Directory.CreateTempSubdirectory("proc").FullName;
        var settings = new SettingsRoot<SysmonSettings>(new SysmonSettings());
        using var alarms = Alarms();
        File.WriteAllText(Path.Combine(folder, "stat"), "cpu  0 0 0 0 0 0 0 0 0 0\n");
        File.WriteAllText(Path.Combine(folder, "meminfo"), "MemTotal: 100 kB\nMemAvailable: 20 kB\n");
        var system = new SystemAlarms(alarms, new HostFacts(new HostPaths(folder), _time), settings, _time);
        await Check();
        File.WriteAllText(Path.Combine(folder, "stat"), "cpu  90 0 0 10 0 0 0 0 0 0\n");
        await Check();
        Assert.Equal(["high_cpu_usage", "high_system_memory_usage"], (await alarms.ListAsync(active: true, default)).Select(a => a.Name).Order());
        var cpu = (await alarms.ListAsync(active: true, default)).Single(a => a.Name == "high_cpu_usage");
        Assert.Equal("""{"usage":90.0,"high_watermark":80,"low_watermark":60}""", cpu.Details);
        File.WriteAllText(Path.Combine(folder, "stat"), "cpu  90 0 0 200 0 0 0 0 0 0\n");
        File.WriteAllText(Path.Combine(folder, "meminfo"), "MemTotal: 100 kB\nMemAvailable: 60 kB\n");
        await Check();
        Assert.Empty(await alarms.ListAsync(active: true, default));
        Directory.Delete(folder, recursive: true);

        async Task Check()
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await system.TickAsync(_time.Ms(), default);
        }
    }
}
