using System.Net.Sockets;
using System.Runtime.InteropServices;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>
/// The process's file descriptors: peers may have them up to a reserve, without which the process could neither log, nor write its database,
/// nor load code. A new descriptor gets the lowest free number, so that its number tells how many are in use.
/// </summary>
/// <param name="limit">RLIMIT_NOFILE; the process's own where it is left out, asked for each time: it may be moved from outside.</param>
internal sealed class Descriptors(TimeProvider time, ILogger<Descriptors> logger, Func<long>? limit = null)
{
    /// <summary>What MQTT clients leave to the rest of the process.</summary>
    public const int MqttReserve = 64;

    /// <summary>What requests leave to the rest: the API can be reached when clients have taken all that is theirs.</summary>
    public const int HttpReserve = 32;

    private readonly Func<long> _limit = limit ?? ReadLimit;
    private readonly LineASecond _line = new(time);

    /// <summary>Whether an accepted connection may stay.</summary>
    public bool Admits(Socket socket, int reserve)
    {
        var most = _limit();
        if (socket.SafeHandle.DangerousGetHandle() < most - reserve)
            return true;
        if (_line.IsDue(out var refused))
            MqttLog.OutOfDescriptors(logger, refused, most);
        return false;
    }

    private static long ReadLimit()
    {
        const int NumberOfFiles = 7;
        return OperatingSystem.IsLinux() && Native.GetLimit(NumberOfFiles, out var found) == 0 && found.Current < long.MaxValue ? (long)found.Current : long.MaxValue;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit
    {
        public readonly ulong Current;
        public readonly ulong Most;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "getrlimit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int GetLimit(int resource, out Limit limit);
    }
}
