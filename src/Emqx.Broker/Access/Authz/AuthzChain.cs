using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authz;

/// <summary>
/// Asks the sources of <c>authorization.sources</c>, in order, whether a client may: the first whose rules match decides. What another link
/// has decided stays. While there is no source nobody is asked.
/// </summary>
internal sealed class AuthzChain : INodeModule, IDisposable
{
    private readonly RunningConfiguration _running;
    private readonly EntryInstances<IAuthzSource> _sources;
    private readonly AuthorizationCaches _caches;
    private readonly ILogger _logger;
    private HookEvent<AuthorizationAnswered>? _answered;

    public AuthzChain(AuthzSourceCatalogue catalogue, RunningConfiguration running, AuthorizationCaches caches, IServiceProvider services, ILogger<AuthzChain> logger)
    {
        var kind = new AuthzSourcesKind(catalogue);
        _running = running;
        _caches = caches;
        _logger = logger;
        _sources = new(kind.NameOf, entry => kind.Find(entry)!.Create(entry, services), logger);
    }

    public void Attach(BrokerHooks hooks)
    {
        _answered = hooks.AuthorizationAnswered;
        _sources.Follow(_running, AuthorizationRoot.Name, static value => (value as ConfigObject)?[AuthorizationRoot.Sources],
            () => hooks.ClientAuthorize.Add(AuthorizeAsync, HookPriority.AuthorizationSources));

        // Behind the sources: what is remembered from now on is theirs.
        _running.Follow([AuthorizationRoot.Name], _caches.Drain);
    }

    public Task RunAsync(CancellationToken cancellation) => _sources.RunAsync(cancellation);

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        _sources.Tick();
        return ValueTask.CompletedTask;
    }

    /// <summary>How each source does, in the order in which they are asked.</summary>
    public IReadOnlyList<AuthzSourceState> Read() => Array.ConvertAll(_sources.All, static one => StateOf(one, BackendReading.Of(one.Instance)));

    /// <summary>How the source of a type does now; null where there is none.</summary>
    public async ValueTask<AuthzSourceState?> CheckAsync(string type, CancellationToken cancellation) => Array.Find(_sources.All, one => one.Name == type) is { } found
        ? StateOf(found, await BackendReading.CheckAsync(found.Instance, cancellation).ConfigureAwait(false))
        : null;

    public void Dispose() => _sources.Dispose();

    /// <summary>Asks source by source; nothing waits, and nothing is allocated, as long as their rules are at hand.</summary>
    private ValueTask<HookResult> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation)
    {
        if (request.Verdict is not null)
            return new(HookResult.Continue);
        var sources = _sources.Current;
        for (var i = 0; i < sources.Length; i++)
        {
            if (sources[i].Instance is not { } source)
                continue;
            if (source is not ILocalAuthzSource local)
                return AskFromAsync(i, sources, request, cancellation);
            sources[i].Metrics.CountAsked();
            if (Decides(sources[i], Check(local, request), request))
                return new(HookResult.Stop);
        }

        return new(HookResult.Continue);
    }

    private async ValueTask<HookResult> AskFromAsync(int first, EntryInstance<IAuthzSource>[] sources, AuthorizeRequest request, CancellationToken cancellation)
    {
        for (var i = first; i < sources.Length; i++)
        {
            if (sources[i].Instance is not { } source)
                continue;
            sources[i].Metrics.CountAsked();
            var verdict = await AskAsync(source, request, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (Decides(sources[i], verdict, request))
                return HookResult.Stop;
        }

        return HookResult.Continue;
    }

    /// <summary>Counts what a source has said. Whether that decides.</summary>
    private bool Decides(EntryInstance<IAuthzSource> one, AuthzVerdict verdict, AuthorizeRequest request)
    {
        one.Metrics.Count(Counted(verdict));
        if (_answered!.IsUsed)
            _answered.Tell(new(request, one.Name, verdict));
        if (verdict is AuthzVerdict.NoMatch or AuthzVerdict.Ignore)
            return false;
        (request.Verdict, request.DecidedBy) = (verdict == AuthzVerdict.Allow, one.Name);
        return true;
    }

    private static AuthzSourceState StateOf(EntryInstance<IAuthzSource> one, BackendReading backend) =>
        new(one.Name, one.IsEnabled, one.Metrics.Read(), one.Instance is ILocalAuthzSource local ? local.RuleCount : 0, backend);

    private static EntryVerdict Counted(AuthzVerdict verdict) => verdict switch
    {
        AuthzVerdict.Allow => EntryVerdict.Positive,
        AuthzVerdict.Deny => EntryVerdict.Negative,
        AuthzVerdict.Ignore => EntryVerdict.Ignored,
        _ => EntryVerdict.NoMatch,
    };

    private AuthzVerdict Check(ILocalAuthzSource source, AuthorizeRequest request)
    {
        try
        {
            return source.Check(request);
        }
        catch (Exception error) // The next source is asked.
        {
            AccessLog.Failed(_logger, source.GetType().Name, error);
            return AuthzVerdict.NoMatch;
        }
    }

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
