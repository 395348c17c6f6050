namespace Emqx.Storage.Sqlite;

/// <summary>Something for the writer's thread to do with the database, and who waits for it.</summary>
internal abstract class SqliteJob
{
    /// <summary>Whether the writer is woken for it; others wait for company.</summary>
    public bool Urgent { get; init; } = true;

    public abstract void Run(SqliteSession session);

    /// <summary>The transaction is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <summary>A change that somebody waits for.</summary>
internal sealed class WriteJob(Action<SqliteSession> write) : SqliteJob
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Run(SqliteSession session) => write(session);

    public override void Complete() => _done.TrySetResult();

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>A question to the database; it sees every change handed in before it.</summary>
internal sealed class ReadJob<T>(Func<SqliteSession, T> read) : SqliteJob
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    public Task<T> Done => _done.Task;

    public override void Run(SqliteSession session) => _answer = read(session);

    public override void Complete() => _done.TrySetResult(_answer!);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>A change that nobody waits for.</summary>
internal sealed class LazyJob(Action<SqliteSession> write) : SqliteJob
{
    public override void Run(SqliteSession session) => write(session);

    public override void Complete()
    {
    }

    public override void Fail(Exception exception)
    {
    }
}
