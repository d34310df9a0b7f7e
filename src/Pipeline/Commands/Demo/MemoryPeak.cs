using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Commands.Demo;

/// <summary>Watches Redis' memory and remembers the most it has seen.</summary>
internal sealed class MemoryPeak(MemoryGauge gauge, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes in use at the start.</summary>
    public long Baseline { get; private set; }

    /// <summary>Most bytes in use so far.</summary>
    public long Peak { get; private set; }

    public long Now { get; private set; }

    public long Max { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var memory = await gauge.ReadAsync();
                (Now, Max) = (memory.Used, memory.Max);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // One reading less: whether Redis is there, the run itself finds out.
            }

            if (Baseline == 0) Baseline = Now;
            Peak = Math.Max(Peak, Now);
            await Task.Delay(_interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
