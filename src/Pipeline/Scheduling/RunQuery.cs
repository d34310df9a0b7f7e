namespace Pipeline.Scheduling;

/// <summary>Which runs of the history are wanted.</summary>
/// <param name="Limit">Most of them, the newest.</param>
/// <param name="Failed">Only those that failed, timed out or crashed.</param>
/// <param name="After">Only those with a higher number (<see cref="RunHistory.LastNumber"/>), or still running.</param>
internal sealed record RunQuery(int Limit, bool Failed = false, long After = 0);
