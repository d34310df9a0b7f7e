namespace Pipeline.Archiving.Compacting;

/// <summary>What became of one hour of one table.</summary>
/// <param name="Start">The hour.</param>
/// <param name="Table">post, like, repost, follow, block or rejected.</param>
/// <param name="FilesBefore">How many files it had.</param>
/// <param name="FilesAfter">How many it has.</param>
/// <param name="BytesBefore">Their sizes together.</param>
/// <param name="BytesAfter">Their sizes together.</param>
/// <param name="LeftAlone">Why it was left as it is; null when it was compacted.</param>
public sealed record CompactedHour(DateTimeOffset Start, string Table, int FilesBefore, int FilesAfter, long BytesBefore, long BytesAfter, string? LeftAlone = null);
