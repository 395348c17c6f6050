using StackExchange.Redis;

namespace Emqx.Drivers.Redis;

/// <summary>
/// Redis, as it is asked: one connection a server, on which commands do not wait for each other's answers. A connection that is lost, or says nothing any more,
/// is made anew in the background; until then commands fail at once.
/// </summary>
internal sealed class RedisClient : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _servers;
    private readonly CommandFlags _flags;

    private RedisClient(ConnectionMultiplexer servers, bool isSingle)
    {
        _servers = servers;
        _flags = isSingle ? CommandFlags.NoRedirect : CommandFlags.None;
    }

    /// <summary>Connects. Whether that has worked is seen by asking: where it has not it is tried again; sentinels that know nobody are told by an <see cref="IOException"/>.</summary>
    public static async Task<RedisClient> ConnectAsync(RedisAddress address)
    {
        await Task.Yield();
        try
        {
            return new(await ConnectionMultiplexer.ConnectAsync(RedisOptions.Of(address)).ConfigureAwait(false), address.Form == RedisForm.Single);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            throw new IOException(error.Message, error);
        }
    }

    /// <summary>Sends a command and gives what came of it; the address's patience is its end.</summary>
    /// <param name="name">The command.</param>
    /// <param name="arguments">The key first.</param>
    public async Task<RedisAnswer> AskAsync(string name, IReadOnlyList<ReadOnlyMemory<byte>> arguments)
    {
        var given = new object[arguments.Count];
        for (var i = 0; i < given.Length; i++)
            given[i] = i == 0 ? (RedisKey)arguments[i].ToArray() : (RedisValue)arguments[i];
        try
        {
            return Read(await _servers.GetDatabase().ExecuteAsync(name, given, _flags).ConfigureAwait(false));
        }
        catch (RedisServerException error)
        {
            return new(null, error.Message, IsAway: !error.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal) && !error.Message.StartsWith("ERR", StringComparison.Ordinal));
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            return new(null, error.Message, IsAway: true);
        }
    }

    /// <summary>Asks whether it is there; null where it is, else why not.</summary>
    public async Task<string?> PingAsync()
    {
        try
        {
            await _servers.GetDatabase().PingAsync(_flags).ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            return error.Message;
        }
    }

    /// <summary>Ends the connections; who waits is told that nothing comes.</summary>
    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private static RedisAnswer Read(RedisResult result)
    {
        byte[]?[] values = result.Resp2Type == ResultType.Array ? (byte[]?[]?)result ?? [] : [(byte[]?)result];
        return values.Length > RedisAnswer.Most || values.Sum(static value => (long)(value?.Length ?? 0)) > RedisAnswer.Longest
            ? new(null, $"the answer has more than {RedisAnswer.Longest} bytes or {RedisAnswer.Most} texts")
            : new(values);
    }
}
