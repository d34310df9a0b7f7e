namespace Pipeline.Buffering;

/// <summary>A stored batch does not decode to what was appended.</summary>
public sealed class CorruptBatchException(string message, Exception? innerException = null) : Exception(message, innerException);
