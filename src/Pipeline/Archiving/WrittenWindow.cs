namespace Pipeline.Archiving;

/// <summary>A window that is in the lake.</summary>
/// <param name="Files">Its files; none when its events were lost or repeated.</param>
/// <param name="Duration">From the first read to the commit; two windows in a row overlap.</param>
public sealed record WrittenWindow(TimeWindow Window, IReadOnlyList<StagedFile> Files, DateTimeOffset Committed, TimeSpan Duration);
