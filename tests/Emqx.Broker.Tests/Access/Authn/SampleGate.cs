using System.Collections.Concurrent;

namespace Emqx.Broker.Tests.Access.Authn;

/// <summary>Where sample authenticators wait until the test lets them answer; it also hears which of them are gone.</summary>
internal sealed class SampleGate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gone = new();

    /// <summary>Lets all of them answer.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>Completes when the first of them waits.</summary>
    public Task ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public Task PassAsync(CancellationToken cancellation)
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(cancellation);
    }

    public void Disposed(string username) => Gone(username).TrySetResult();

    /// <summary>Completes when the authenticator of that user is disposed.</summary>
    public Task GoneAsync(string username) => Gone(username).Task.WaitAsync(TimeSpan.FromSeconds(10));

    private TaskCompletionSource Gone(string username) =>
        _gone.GetOrAdd(username, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
