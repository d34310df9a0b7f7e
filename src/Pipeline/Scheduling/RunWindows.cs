using Pipeline.Archiving;

namespace Pipeline.Scheduling;

/// <summary>Collects the windows of one run.</summary>
internal sealed class RunWindows(IRunProgress? progress) : IWriteProgress
{
    private readonly List<WindowReport> _written = [];

    public IReadOnlyList<WindowReport> Written => _written;

    public void WindowStarted(TimeWindow window) => progress?.WindowStarted(Time(window.StartMs), Time(window.EndMs));

    public void WindowWritten(StagedWindow window, TimeSpan duration)
    {
        var tables = window.Files.ToLookup(f => f.Name.Table, StringComparer.Ordinal);
        var report = new WindowReport(
            Time(window.Window.StartMs),
            Time(window.Window.EndMs),
            tables.ToDictionary(t => t.Key, t => t.Sum(f => f.Rows), StringComparer.Ordinal),
            tables.ToDictionary(t => t.Key, t => t.Sum(f => f.Bytes), StringComparer.Ordinal),
            window.Files.Count,
            duration);
        if (report.Files > 0) _written.Add(report);
        progress?.WindowWritten(report);
    }

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
