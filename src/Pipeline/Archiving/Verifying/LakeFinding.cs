namespace Pipeline.Archiving.Verifying;

/// <summary>Something wrong with a lake.</summary>
/// <param name="Path">Where, below the lake's folder, with forward slashes.</param>
/// <param name="Message">What, and what to do.</param>
public sealed record LakeFinding(LakeFindingKind Kind, string Path, string Message);
