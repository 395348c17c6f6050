using Emqx.Broker.Hooks;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authz;

/// <summary>
/// Asks the sources of <c>authorization.sources</c>, in order, whether a client may: the first whose rules match decides. While there is none,
/// nobody is asked.
/// </summary>
internal sealed class AuthzChain : INodeModule, IDisposable
{
    private const string Root = "authorization";
    private readonly RunningConfiguration _running;
    private readonly EntryInstances<IAuthzSource> _sources;
    private readonly ILogger _logger;

    public AuthzChain(AuthzSourceCatalogue catalogue, RunningConfiguration running, IServiceProvider services, ILogger<AuthzChain> logger)
    {
        var kind = new AuthorizationKind(catalogue);
        _running = running;
        _logger = logger;
        _sources = new(kind.NameOf, entry => kind.Find(entry)!.Create(entry, services), logger);
    }

    public void Attach(BrokerHooks hooks) =>
        _sources.Follow(_running, Root, static value => (value as ConfigObject)?[AuthorizationKind.Sources],
            () => hooks.ClientAuthorize.Add(AuthorizeAsync, HookPriority.AuthorizationSources));

    public Task RunAsync(CancellationToken cancellation) => _sources.RunAsync(cancellation);

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        _sources.Tick();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _sources.Dispose();

    private async ValueTask<HookResult> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation)
    {
        foreach (var one in _sources.Current)
        {
            if (one.Instance is not { } source)
                continue;
            one.Metrics.CountAsked();
            var verdict = await AskAsync(source, request, cancellation).ConfigureAwait(false);
            one.Metrics.Count(Counted(verdict));
            cancellation.ThrowIfCancellationRequested();
            if (verdict == AuthzVerdict.NoMatch)
                continue;
            request.Verdict = verdict == AuthzVerdict.Allow;
            return HookResult.Stop;
        }

        return HookResult.Continue;
    }

    private static EntryVerdict Counted(AuthzVerdict verdict) => verdict switch
    {
        AuthzVerdict.Allow => EntryVerdict.Positive,
        AuthzVerdict.Deny => EntryVerdict.Negative,
        _ => EntryVerdict.NoMatch,
    };

    private async ValueTask<AuthzVerdict> AskAsync(IAuthzSource source, AuthorizeRequest request, CancellationToken cancellation)
    {
        try
        {
            return await source.AuthorizeAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            AccessLog.Failed(_logger, source.GetType().Name, error);
            return AuthzVerdict.NoMatch;
        }
    }
}
