namespace Pipeline.Scheduling;

/// <summary>Which runs of the history are wanted.</summary>
/// <param name="Limit">Most of them, the newest.</param>
/// <param name="Failed">Only those that failed, timed out or crashed.</param>
internal sealed record RunQuery(int Limit, bool Failed = false);
