namespace Pipeline.Buffering;

/// <summary>Redis has lost records that are not in the lake yet, and no ingestor has fetched them again.</summary>
public sealed class LostRecordsException(string message) : LogException(message);
