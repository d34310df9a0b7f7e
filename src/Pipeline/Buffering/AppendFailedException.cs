namespace Pipeline.Buffering;

/// <summary>A batch was not acknowledged by Redis: whether it is in the log, only the log's tail can tell.</summary>
public sealed class AppendFailedException(string log, Exception innerException)
    : Exception($"Log {log} did not acknowledge a batch: {innerException.Message}", innerException);
