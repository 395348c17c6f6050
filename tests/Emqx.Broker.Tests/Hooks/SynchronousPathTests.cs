using Emqx.Broker.Access;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>Verdicts that are given at once cost a message no memory.</summary>
public sealed class SynchronousPathTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public void A_message_that_its_hook_lets_pass_at_once_allocates_nothing()
    {
        using var link = _broker.Get<BrokerHooks>().MessagePublish.Add(static _ => HookResult.Continue);
        var publisher = _broker.Get<Publisher>();
        var state = new PublishState { Topic = "t" };
        var message = Message.Create(state.Topic, "x"u8.ToArray(), "test", 1);
        Assert.Equal(0, AllocatedBy(() =>
        {
            publisher.Publish(message, state, out var waiting);
            return waiting is null;
        }));
    }

    [Fact]
    public void A_remembered_authorization_allocates_nothing()
    {
        using var link = _broker.Get<BrokerHooks>().ClientAuthorize.Add(static _ => HookResult.Continue);
        var authorizer = _broker.Get<Authorizer>();
        var (client, cache) = (Fakes.Client(), new AuthorizationCache());
        Assert.Equal(0, AllocatedBy(() =>
        {
            var allowed = authorizer.IsAllowedAsync(client, cache, new AuthorizationAccess(true, 0, false, "t"));
            return allowed.IsCompletedSuccessfully;
        }));
    }

    [Fact]
    public void Rules_that_are_at_hand_are_asked_without_more_than_the_question_being_allocated()
    {
        var (authorizer, client) = (_broker.Get<Authorizer>(), Fakes.Client());
        Assert.InRange(AllocatedBy(() =>
        {
            var allowed = authorizer.AskAsync(client, new AuthorizationAccess(true, 0, false, "a/b/c"));
            return allowed.IsCompletedSuccessfully;
        }), 0, 1000 * 64);
    }

    private static long AllocatedBy(Func<bool> completesAtOnce)
    {
        var done = true;
        for (var i = 0; i < 100; i++)
            done &= completesAtOnce();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            done &= completesAtOnce();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(done);
        return allocated;
    }
}
