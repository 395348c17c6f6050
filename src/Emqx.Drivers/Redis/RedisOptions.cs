using StackExchange.Redis;

namespace Emqx.Drivers.Redis;

/// <summary>The package's form of an address.</summary>
internal static class RedisOptions
{
    private const string Client = "emqx";
    private const int Again = 2000; // milliseconds until a lost connection is tried again, as in EMQX
    private const int Alive = 5; // seconds of silence after which a connection is asked whether it is there

    /// <summary>What a single server is ever sent: whoever may do no more needs no more rights there.</summary>
    private static readonly HashSet<string> s_commands = ["AUTH", "HGET", "HGETALL", "HMGET", "PING", "QUIT", "SELECT"];

    public static ConfigurationOptions Of(RedisAddress address)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            AllowAdmin = false,
            AsyncTimeout = (int)address.Patience.TotalMilliseconds,
            BacklogPolicy = BacklogPolicy.FailFast,
            ClientName = Client,
            ConfigurationChannel = "",
            ConnectRetry = 1,
            ConnectTimeout = (int)address.Patience.TotalMilliseconds,
            DefaultDatabase = address.Database,
            IncludeDetailInExceptions = false, // keys have names of users in them
            IncludePerformanceCountersInExceptions = false,
            KeepAlive = Alive,
            Password = address.Password,
            Protocol = RedisProtocol.Resp2,
            ReconnectRetryPolicy = new LinearRetry(Again),
            SetClientLibrary = false,
            SyncTimeout = (int)address.Patience.TotalMilliseconds,
            TieBreaker = "",
            User = address.Username,
        };
        if (address.Form == RedisForm.Single)
            options.CommandMap = CommandMap.Create(s_commands, available: true);
        if (address.Form == RedisForm.Sentinel)
            options.ServiceName = address.Sentinel;
        foreach (var (host, port) in address.Form == RedisForm.Single ? address.Servers.Take(1) : address.Servers)
            options.EndPoints.Add(host, port);
        if (address.Tls is { } tls)
        {
            options.Ssl = true;
            options.SslClientAuthenticationOptions = tls;
        }

        return options;
    }
}
