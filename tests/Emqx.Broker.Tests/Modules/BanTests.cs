using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage.InMemory;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

public class BanTests
{
    private readonly ManualClock _time = Fakes.Clock();
    private readonly InMemoryBanStore _store = new();
    private readonly BrokerHooks _hooks = new(NullLogger<BrokerHooks>.Instance, TimeProvider.System);

    private BanList Bans() => new(_store, _time);

    private static BanAs Kind(string name)
    {
        Assert.True(BanWords.TryParse(name, out var kind));
        return kind;
    }

    private Ban New(BanAs kind, string who, long? seconds = null)
    {
        Assert.True(BanTarget.TryParse(kind, who, out var target, out _));
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return new Ban(target, "mgmt_api", "", now, now + seconds);
    }

    [Theory]
    [InlineData("clientid", "c1", true)]
    [InlineData("clientid", "c", false)]
    [InlineData("username", "u1", true)]
    [InlineData("peerhost", "192.0.2.7", true)]
    [InlineData("peerhost", "::ffff:192.0.2.7", true)]
    [InlineData("clientid_re", "1", true)]
    [InlineData("clientid_re", "^c[0-9]$", true)]
    [InlineData("clientid_re", "^1", false)]
    [InlineData("username_re", "u", true)]
    [InlineData("username_re", "(?=u)u", true)]
    [InlineData("peerhost_net", "192.0.2.0/24", true)]
    [InlineData("peerhost_net", "192.0.2.99/24", true)]
    [InlineData("peerhost_net", "192.0.3.0/24", false)]
    [InlineData("peerhost_net", "2001:db8::/32", false)]
    public async Task A_ban_refuses_whom_it_concerns_with_0x8A(string kind, string who, bool banned)
    {
        using var bans = Bans();
        new BanGuard(bans).Attach(_hooks);
        Assert.Null(await bans.CreateAsync(New(Kind(kind), who), default));
        var attempt = new ConnectAttempt(Fakes.Client("c1", "u1"));
        Assert.True(await _hooks.ClientConnect.RunAsync(attempt));
        Assert.Equal(banned ? 0x8A : 0, attempt.ReasonCode);
    }

    [Theory]
    [InlineData("peerhost", "BadHost")]
    [InlineData("peerhost", "1.2.3.4/24")]
    [InlineData("peerhost_net", "nonet")]
    [InlineData("peerhost_net", "10.0.0.0/33")]
    [InlineData("peerhost_net", "10.0.0.0/x")]
    [InlineData("clientid_re", "([")]
    [InlineData("username_re", "*")]
    public void Bad_targets_are_refused(string kind, string who) => Assert.False(BanTarget.TryParse(Kind(kind), who, out _, out _));

    [Theory]
    [InlineData("peerhost_net", "10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("peerhost_net", "10.1.2.3", "10.1.2.3/32")]
    [InlineData("peerhost_net", "2001:DB8:0::1/32", "2001:db8::/32")]
    [InlineData("peerhost", "2001:DB8::0001", "2001:db8::1")]
    public void Addresses_have_one_written_form(string kind, string who, string written)
    {
        Assert.True(BanTarget.TryParse(Kind(kind), who, out var target, out _));
        Assert.Equal(written, target.Who);
    }

    [Fact]
    public async Task A_second_ban_gives_the_first_and_an_ended_one_is_overwritten()
    {
        using var bans = Bans();
        var first = New(BanAs.Clientid, "c1", seconds: 10);
        Assert.Null(await bans.CreateAsync(first, default));
        Assert.Equal(first, await bans.CreateAsync(New(BanAs.Clientid, "c1"), default));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(bans.IsBanned(Fakes.Client("c1")));
        Assert.Null(await bans.CreateAsync(New(BanAs.Clientid, "c1"), default));
        Assert.True(bans.IsBanned(Fakes.Client("c1")));
    }

    [Fact]
    public async Task Bans_survive_a_restart_and_ended_ones_go_within_a_minute()
    {
        using (var before = Bans())
        {
            await before.CreateAsync(New(BanAs.Clientid, "c1"), default);
            await before.CreateAsync(New(BanAs.ClientidRe, "^x"), default);
            await before.CreateAsync(New(BanAs.Username, "u", seconds: 5), default);
        }

        using var after = Bans();
        await after.LoadAsync(default);
        Assert.True(after.IsBanned(Fakes.Client("c1")));
        Assert.True(after.IsBanned(Fakes.Client("xyz")));
        Assert.Equal(3, (await after.ListAsync(new BanFilter.All(), 0, 10, default)).Count);
        _time.Advance(TimeSpan.FromSeconds(61));
        await after.TickAsync(_time.Ms(), default);
        Assert.Equal(2, (await after.ListAsync(new BanFilter.All(), 0, 10, default)).Count);
        Assert.Equal(2, (await _store.LoadAsync(default)).Count);
    }

    [Fact]
    public async Task Lists_are_paged_and_searched()
    {
        using var bans = Bans();
        foreach (var name in new[] { "b2", "b1", "b3" })
            await bans.CreateAsync(New(BanAs.Clientid, name), default);
        await bans.CreateAsync(New(BanAs.ClientidRe, "b[0-9]"), default);
        var page = await bans.ListAsync(new BanFilter.All(), 0, 3, default);
        AssertPage(page, ["b1", "b2", "b3"], 4, true);
        var like = new BanFilter.Like([BanAs.Clientid, BanAs.ClientidRe], BanTarget.CompilePattern("b\\d"));
        page = await bans.ListAsync(like, 1, 1, default);
        AssertPage(page, ["b2"], null, true);
        page = await bans.ListAsync(like, 2, 1, default);
        AssertPage(page, ["b3"], null, false);
        page = await bans.ListAsync(new BanFilter.Exact(New(BanAs.Clientid, "b2").Target), 0, 10, default);
        Assert.Equal((1, 1), (page.Bans.Count, page.Count));
    }

    [Fact]
    public async Task Lifting_takes_effect_at_once()
    {
        using var bans = Bans();
        var ban = New(BanAs.PeerhostNet, "192.0.2.0/24");
        await bans.CreateAsync(ban, default);
        Assert.True(await bans.DeleteAsync(ban.Target, default));
        Assert.False(await bans.DeleteAsync(ban.Target, default));
        Assert.False(bans.IsBanned(Fakes.Client()));
        await bans.CreateAsync(New(BanAs.Clientid, "c1"), default);
        await bans.ClearAsync(default);
        Assert.False(bans.IsBanned(Fakes.Client("c1")));
        Assert.Empty(await _store.LoadAsync(default));
    }

    [Fact]
    public async Task A_pattern_that_would_run_for_ever_is_cut_short()
    {
        using var bans = Bans();
        await bans.CreateAsync(New(BanAs.ClientidRe, "^(a+)+(?!b)$"), default);
        var hostile = new string('a', 5000) + "b";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        bans.IsBanned(Fakes.Client(hostile));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    [Fact]
    public async Task A_client_that_comes_too_often_is_banned_for_a_while()
    {
        using var bans = Bans();
        var settings = new SettingsRoot<ZoneSettings>(new ZoneSettings { FlappingDetect = new FlappingDetectSettings(true, 3, 60_000, 300_000) });
        var detector = Detector(settings, bans);
        using var stopping = new CancellationTokenSource();
        var running = detector.RunAsync(stopping.Token);
        await ComeAsync("steady");
        await ComeAsync("c1");
        await ComeAsync("c1");
        Assert.False(bans.IsBanned("c1"));
        await ComeAsync("c1");
        await Eventually.TrueAsync(() => bans.IsBanned("c1"), "the ban");
        var made = Assert.Single((await bans.ListAsync(new BanFilter.All(), 0, 10, default)).Bans);
        Assert.Equal(("c1", "flapping detector", "flapping is detected", made.At + 300), (made.Target.Who, made.By, made.Reason, made.Until));
        Assert.True(bans.IsBanned(Fakes.Client("c1")));
        Assert.Equal(1, detector.Watching);
        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.False(bans.IsBanned(Fakes.Client("c1")));
        await detector.TickAsync(_time.Ms(), default);
        Assert.Equal(0, detector.Watching);
        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Coming_slowly_or_while_detection_is_off_bans_nobody()
    {
        using var bans = Bans();
        var settings = new SettingsRoot<ZoneSettings>(new ZoneSettings());
        var detector = Detector(settings, bans);
        for (var i = 0; i < 50; i++)
            await ComeAsync("c1");
        Assert.Equal(0, detector.Watching);
        settings.Replace(new ZoneSettings { FlappingDetect = new FlappingDetectSettings(true, 2, 1000, 1000) });
        for (var i = 0; i < 5; i++)
        {
            await ComeAsync("c1");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, detector.Watching);
        Assert.False(bans.IsBanned(Fakes.Client("c1")));
    }

    [Fact]
    public async Task A_zone_has_its_own_patience_with_flapping_clients()
    {
        using var bans = Bans();
        var zones = new Dictionary<string, ZoneSettings> { ["edge"] = new() { FlappingDetect = new FlappingDetectSettings(true, 2, 60_000, 90_000) } };
        var detector = Detector(new SettingsRoot<ZoneSettings>(new ZoneSettings { Zones = zones }), bans);
        using var stopping = new CancellationTokenSource();
        var running = detector.RunAsync(stopping.Token);
        for (var i = 0; i < 2; i++)
        {
            await ComeAsync("plain");
            await ComeAsync("edge", "edge");
        }

        await Eventually.TrueAsync(() => bans.IsBanned("edge"), "the ban");
        var made = Assert.Single((await bans.ListAsync(new BanFilter.All(), 0, 10, default)).Bans);
        Assert.Equal(("edge", made.At + 90), (made.Target.Who, made.Until));
        Assert.Equal(0, detector.Watching);
        await stopping.CancelAsync();
        await running;
    }

    private static void AssertPage(BanPage page, string[] names, int? count, bool hasNext)
    {
        Assert.Equal(names, page.Bans.Select(ban => ban.Target.Who));
        Assert.Equal((count, hasNext), (page.Count, page.HasNext));
    }

    private FlappingDetector Detector(SettingsRoot<ZoneSettings> settings, BanList bans)
    {
        var detector = new FlappingDetector(settings, bans, _time, NullLogger<FlappingDetector>.Instance);
        detector.Attach(_hooks);
        return detector;
    }

    /// <summary>A CONNECT, as far as its hook.</summary>
    private async Task ComeAsync(string clientId, string zone = "default") =>
        Assert.True(await _hooks.ClientConnect.RunAsync(new ConnectAttempt(Fakes.Client(clientId, zone: zone))));

    /// <summary>A clock on which each look takes ten milliseconds.</summary>
    private sealed class SlowTime : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => ++_looks * 10;
    }

    [Theory, InlineData("(?=no)x", 5, false), InlineData("(?=no)x", 50, true), InlineData("no", 50, false)]
    public async Task Patterns_that_backtrack_are_bounded_all_together(string pattern, int count, bool banned)
    {
        using var bans = new BanList(_store, new SlowTime());
        for (var i = 0; i < count; i++)
            Assert.Null(await bans.CreateAsync(New(BanAs.ClientidRe, $"{pattern}{i}"), default));
        Assert.Equal(banned, bans.IsBanned(Fakes.Client("c1", "u1")));
        Assert.Equal(banned, bans.IsBanned("c1"));
    }
}
