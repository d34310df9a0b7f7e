using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>A rewrite of the append-only file that was asked for.</summary>
internal static class AofRewrite
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for it; true when the file is written, false when that failed, null when it is not done within the patience.</summary>
    public static async Task<bool?> WaitAsync(IServer server, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < patience)
        {
            var status = await RedisInfo.ReadAsync(server, "persistence");
            if (status.Number("aof_rewrite_in_progress") == 0 && status.Number("aof_rewrite_scheduled") == 0) return status.Field("aof_last_bgrewrite_status") == "ok";
            await Task.Delay(_poll, time, cancellationToken);
        }

        return null;
    }
}
