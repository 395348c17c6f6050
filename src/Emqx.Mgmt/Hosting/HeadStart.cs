using System.Runtime.ExceptionServices;

namespace Emqx.Mgmt.Hosting;

/// <summary>Work of the start that needs nothing of what the main thread is busy with, on a thread of its own.</summary>
internal sealed class HeadStart<T>
{
    private readonly Thread _thread;
    private T? _made;
    private ExceptionDispatchInfo? _fault;

    public HeadStart(Func<T> make)
    {
        _thread = new Thread(() => Run(make)) { IsBackground = true, Name = "head start" };
        _thread.Start();
    }

    /// <summary>What was made, or what went wrong in making it; waits for it.</summary>
    public T Take()
    {
        _thread.Join();
        _fault?.Throw();
        return _made!;
    }

    private void Run(Func<T> make)
    {
        try
        {
            _made = make();
        }
        catch (Exception error)
        {
            _fault = ExceptionDispatchInfo.Capture(error);
        }
    }
}
