using Pipeline.Archiving;

namespace Pipeline.Scheduling;

/// <summary>Collects the windows of one run.</summary>
internal sealed class RunWindows(IRunProgress? progress) : IWriteProgress
{
    private readonly List<WindowReport> _written = [];

    public IReadOnlyList<WindowReport> Written => _written;

    /// <summary>The first window that was begun.</summary>
    public TimeWindow? First { get; private set; }

    /// <summary>True when at least one window was committed, be it an empty one.</summary>
    public bool Any { get; private set; }

    public void WindowStarted(TimeWindow window)
    {
        First ??= window;
        progress?.WindowStarted(Time(window.StartMs), Time(window.EndMs));
    }

    public void WindowWritten(StagedWindow window, TimeSpan duration)
    {
        Any = true;
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
