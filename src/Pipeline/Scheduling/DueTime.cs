namespace Pipeline.Scheduling;

/// <summary>The scheduled time that a run is for.</summary>
/// <param name="Missed">Times before it that passed while nobody could run.</param>
/// <param name="Overlapped">Times before it that passed while the run before was still at it.</param>
internal readonly record struct DueTime(DateTimeOffset Time, long Missed, long Overlapped);
