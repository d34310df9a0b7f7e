using System.Diagnostics;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Load.Reports;
using StackExchange.Redis;

namespace Pipeline.Tests.Load;

/// <summary>Looks at Redis' memory again and again, and keeps the most that it saw.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private readonly MemoryGauge _gauge;
    private readonly Watch _watch;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<double> _megabytes = [];
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

    /// <summary>Stops looking; what was seen, by second.</summary>
    public async Task<LineChart> ChartAsync()
    {
        await _watch.StopAsync();
        return new LineChart("Redis' used memory", "MB", [("used", [.. _megabytes])], Logarithmic: false);
    }

    public async ValueTask DisposeAsync()
    {
        await using (_watch) await _watch.StopAsync();
    }

    private async Task LookAsync()
    {
        var reading = await _gauge.ReadAsync();
        if (reading.Used > Peak.Used) Peak = reading;
        for (var second = (int)Stopwatch.GetElapsedTime(_started).TotalSeconds; _megabytes.Count <= second;) _megabytes.Add(reading.Used / 1e6);
        Interlocked.Increment(ref _looks);
    }
}
