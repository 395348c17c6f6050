namespace Emqx.Drivers.Redis;

/// <summary>How servers of Redis stand together.</summary>
internal enum RedisForm
{
    /// <summary>One, which alone is asked.</summary>
    Single,

    /// <summary>Sentinels, which say who is asked.</summary>
    Sentinel,

    /// <summary>A cluster: who has the key is asked.</summary>
    Cluster,
}
