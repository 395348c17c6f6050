using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Settings;
using Emqx.Broker.Tests.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Clients that come too often, over real connections.</summary>
public sealed class FlappingTests
{
    private static Task<TestBroker> StartAsync(bool isOn, int most) => TestBroker.StartAsync(configure: services =>
        services.AddSingleton(new SettingsRoot<ZoneSettings>(new ZoneSettings { FlappingDetect = new FlappingDetectSettings(isOn, most) })));

    [Fact]
    public async Task A_client_that_came_too_often_is_kicked_and_refused_and_others_are_not()
    {
        await using var broker = await StartAsync(isOn: true, most: 3);
        for (var i = 0; i < 2; i++)
        {
            await using var client = await broker.ConnectAsync(new ConnectOptions { ClientId = "flapping" });
            await client.ExpectNothingAsync();
        }

        await using var last = await broker.ConnectAsync(new ConnectOptions { ClientId = "flapping" });
        await last.ExpectRefusedAsync(ReasonCode.AdministrativeAction);
        await using var refused = await broker.OpenAsync();
        Assert.Equal(0x8A, (await refused.ConnectAsync(new ConnectOptions { ClientId = "flapping" })).ReasonCode);
        await using var other = await broker.ConnectAsync();
        await other.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_banned_client_that_tries_again_and_again_is_not_counted()
    {
        await using var broker = await StartAsync(isOn: true, most: 1);
        await using (var client = await broker.ConnectAsync(new ConnectOptions { ClientId = "flapping" }))
            await client.ExpectRefusedAsync(ReasonCode.AdministrativeAction);
        for (var i = 0; i < 3; i++)
        {
            await using var refused = await broker.OpenAsync();
            Assert.Equal(0x8A, (await refused.ConnectAsync(new ConnectOptions { ClientId = "flapping" })).ReasonCode);
        }

        Assert.Equal(0, broker.Get<FlappingDetector>().Watching);
    }
}
