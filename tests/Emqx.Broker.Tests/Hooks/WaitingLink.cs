using System.Threading.Channels;
using Emqx.Broker.Hooks;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>A link that answers when the test does, about whatever concerns the test.</summary>
internal sealed class WaitingLink<T> : IDisposable where T : class
{
    private readonly Channel<Question> _questions = Channel.CreateUnbounded<Question>();
    private readonly IDisposable _link;

    public WaitingLink(HookChain<T> chain, Func<T, bool> concerns) => _link = chain.Add((argument, _) =>
    {
        if (!concerns(argument))
            return new(HookResult.Continue);
        var question = new Question(argument);
        _questions.Writer.TryWrite(question);
        return new(question.Verdict.Task);
    });

    /// <summary>How many questions wait that the test has not yet taken.</summary>
    public int Count => _questions.Reader.Count;

    /// <summary>The next question.</summary>
    public Task<Question> AskedAsync() => _questions.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    public void Dispose() => _link.Dispose();

    /// <summary>What the link was asked.</summary>
    internal sealed record Question(T Argument)
    {
        public TaskCompletionSource<HookResult> Verdict { get; } = new();

        /// <summary>Answers, after the argument was set as it is to be.</summary>
        public void Answer(Action<T>? set = null)
        {
            set?.Invoke(Argument);
            Verdict.SetResult(HookResult.Continue);
        }
    }
}
