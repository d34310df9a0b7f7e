namespace Pipeline.Commands;

/// <summary>Something that the program needs is not there: one line that says what, where and how to mend it. Exit code 3.</summary>
public sealed class EnvironmentException(string message, Exception? innerException = null) : Exception(message, innerException);
