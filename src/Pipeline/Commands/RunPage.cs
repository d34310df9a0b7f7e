using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Monitoring;
using Pipeline.Monitoring.StatusPage;
using Pipeline.Scheduling;
using Pipeline.Sources;

namespace Pipeline.Commands;

/// <summary>The status page of <c>run</c>: gathers what its parts know already, so a look waits for nothing and costs the pipeline nothing.</summary>
internal sealed class RunPage : IAsyncDisposable
{
    private const int MaxReason = 300;

    // More than the page shows: some found nothing to do.
    private const int EarlierRuns = 3 * RunLog.MaxRuns;

    private readonly ProgramMonitor _monitor;
    private readonly IEventSource _source;
    private readonly IngestStats _ingested;
    private readonly WriteStats _written;
    private readonly ScheduleStats _schedule;
    private readonly LogOptions _log;
    private readonly TimeProvider _time;
    private readonly RunLog _runs = new();
    private readonly StatusFeed _feed;
    private BufferReading? _seen;

    public RunPage(VerbContext context, ProgramMonitor monitor, IEventSource source, IngestStats ingested, WriteStats written, WindowScheduler scheduler, LogOptions log, LakeOptions lake)
    {
        (_monitor, _source, _ingested, _written, _schedule, _log, _time) = (monitor, source, ingested, written, scheduler.Stats, log, context.Time);
        written.WindowWritten += Add;
        // What the program before did comes first, so that a restart does not look like a new lake.
        foreach (var run in scheduler.Recent(EarlierRuns).Reverse()) Add(run);
        scheduler.Stats.RunEnded += Add;
        var program = new StatusProgram(
            MetricsRegistry.Version, _time.GetUtcNow(), context.Settings.Text(Settings.Source) ?? Settings.Source.Default!, log.Name, Path.GetFullPath(lake.Path), lake.Window.TotalSeconds, LakeFileName.Tables);
        _feed = new StatusFeed(program, Look, _time, context.Loggers.CreateLogger<StatusFeed>());
    }

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapStatusPage(_feed, _time);

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private StatusReading Look()
    {
        var current = _monitor.Buffer?.Current;
        _seen = current ?? _seen;
        return new StatusReading(
            _time.GetUtcNow(),
            new SourceStatus(
                _ingested.IsReading && _source.IsConnected, _source.FollowsClock, _ingested.HasEnded, _ingested.IsHolding,
                _ingested.LastTimeUs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_ingested.LastTimeUs / 1000),
                _ingested.Received, [.. EventTypes.All.Select(_ingested.Appended), _ingested.Rejected]),
            _seen is { } b ? new BufferStatus(current is not null, b.Events, TimeOf(b.OldestUnwrittenMs), b.MemoryUsed, b.MemoryMax, _log.LowWater, _log.HighWater) : null,
            new WriterStatus(TimeOf(_seen?.CommittedMs), _written.Rows, _written.Files, _written.Bytes, _written.Lost, _schedule.Next, _schedule.Paused, _runs.Runs, _runs.Files),
            _monitor.Health.Look().Problems);
    }

    private void Add(StagedWindow window)
    {
        var now = _time.GetUtcNow();
        _runs.Add(window.Files.Select(f => new FileLine(f.Name.RelativePath, f.Rows, f.Bytes, now)));
    }

    /// <summary>A run is a line for each window that it wrote, and one for what it did not; that there was nothing to do is no news.</summary>
    private void Add(RunRecord run)
    {
        var (ended, outcome) = (run.Finished!.Value, run.Outcome!.Value);
        foreach (var w in run.Windows)
        {
            _runs.Add(new RunLine(ended, RunHistory.Word(RunOutcome.Written), w.Start, w.End, w.Rows.Values.Sum(), w.Files, w.Bytes.Values.Sum(), Seconds(w.Duration), null, 1));
        }

        if (outcome is RunOutcome.Written or RunOutcome.Nothing or RunOutcome.Cancelled) return;
        var reason = run.Error is { Length: > MaxReason } error ? error[..MaxReason] + "..." : run.Error;
        _runs.Add(new RunLine(ended, RunHistory.Word(outcome), null, null, 0, 0, 0, Seconds(ended - run.Started), reason, 1));
    }

    /// <summary>In whole milliseconds, as the history keeps it.</summary>
    private static double Seconds(TimeSpan duration) => (long)duration.TotalMilliseconds / 1000.0;

    private static DateTimeOffset? TimeOf(long? ms) => ms is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
