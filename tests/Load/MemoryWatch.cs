using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using StackExchange.Redis;

namespace Pipeline.Tests.Load;

/// <summary>Looks at Redis' memory again and again, and keeps the most that it saw.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private readonly MemoryGauge _gauge;
    private readonly Watch _watch;
    private long _looks;

    public MemoryWatch(IDatabase database)
    {
        _gauge = new MemoryGauge(database, "any");
        _watch = Watch.Start(Deadlines.Poll, LookAsync);
    }

    /// <summary>The highest used_memory seen.</summary>
    public MemoryReading Peak { get; private set; }

    public long Looks => Volatile.Read(ref _looks);

    public double PeakShare => Peak.Max == 0 ? 0 : (double)Peak.Used / Peak.Max;

    public async ValueTask DisposeAsync()
    {
        await using (_watch) await _watch.StopAsync();
    }

    private async Task LookAsync()
    {
        var reading = await _gauge.ReadAsync();
        if (reading.Used > Peak.Used) Peak = reading;
        Interlocked.Increment(ref _looks);
    }
}
