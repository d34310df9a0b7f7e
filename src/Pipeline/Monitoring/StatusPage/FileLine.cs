namespace Pipeline.Monitoring.StatusPage;

/// <summary>A file of the lake.</summary>
/// <param name="Path">Below the lake's folder.</param>
/// <param name="Written">When it became visible.</param>
internal sealed record FileLine(string Path, long Rows, long Bytes, DateTimeOffset Written);
