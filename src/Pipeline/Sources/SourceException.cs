namespace Pipeline.Sources;

/// <summary>A source cannot be read as asked, and trying again cannot help: the message says what, where and how to mend it.</summary>
public sealed class SourceException(string message, Exception? innerException = null) : Exception(message, innerException);
