namespace Pipeline.Buffering;

/// <summary>The log's state and what was expected of it differ in a way that trying again cannot mend.</summary>
public class LogException(string message, Exception? innerException = null) : Exception(message, innerException);
