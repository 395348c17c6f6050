namespace Emqx.Drivers.Sql;

/// <summary>
/// A database that is asked in SQL. It connects when it is first asked, and again when a connection was lost. What goes wrong there is told by
/// a <see cref="System.Data.Common.DbException"/>, an <see cref="IOException"/> or a <see cref="TimeoutException"/>.
/// </summary>
internal interface ISqlDatabase : IAsyncDisposable
{
    /// <summary>Runs a statement.</summary>
    /// <param name="statement">With places in the database's own form; values are never part of its text.</param>
    /// <param name="values">One for each place, in their order.</param>
    Task<SqlRows> QueryAsync(string statement, IReadOnlyList<string> values, CancellationToken cancellation);

    /// <summary>Finds out whether it can be asked.</summary>
    Task CheckAsync(CancellationToken cancellation);
}
