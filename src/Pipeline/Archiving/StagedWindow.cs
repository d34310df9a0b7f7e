using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>A window whose files are complete and not visible yet.</summary>
/// <param name="ToOffset">Records below this offset are in the lake once the window is committed.</param>
/// <param name="Position">The source's position after the last record.</param>
/// <param name="LastId">The last entry that was read; null when there was none.</param>
/// <param name="Lost">Records that the log should have held and did not.</param>
/// <param name="Corrupt">Records of batches that could not be read; the bytes of each batch are a rejected row.</param>
/// <param name="Repeated">Records left out since the lake has them.</param>
public sealed record StagedWindow(
    TimeWindow Window, IReadOnlyList<StagedFile> Files, long ToOffset, SourcePosition? Position, LogEntryId? LastId, long Lost, long Corrupt, long Repeated);
