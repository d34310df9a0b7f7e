namespace Pipeline.Monitoring.StatusPage;

/// <summary>The last runs and the newest files, and no more of them than a page shows. Safe to use from any thread.</summary>
internal sealed class RunLog
{
    public const int MaxRuns = 12;
    public const int MaxFiles = 12;

    private readonly Lock _lock = new();
    private RunLine[] _runs = [];
    private FileLine[] _files = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<RunLine> Runs => Volatile.Read(ref _runs);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<FileLine> Files => Volatile.Read(ref _files);

    /// <summary>Adds a run. One that came to nothing again takes the line of the one before: an hour's outage must not push the windows off the page.</summary>
    public void Add(RunLine run)
    {
        lock (_lock)
        {
            var again = run.Start is null && _runs is [{ Start: null } before, ..] && before.Outcome == run.Outcome;
            Volatile.Write(ref _runs, again ? [run with { Times = _runs[0].Times + 1 }, .. _runs[1..]] : [run, .. _runs.Take(MaxRuns - 1)]);
        }
    }

    /// <summary>Adds a window's files.</summary>
    public void Add(IEnumerable<FileLine> files)
    {
        lock (_lock) Volatile.Write(ref _files, [.. files.Concat(_files).Take(MaxFiles)]);
    }
}
