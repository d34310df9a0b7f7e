namespace Pipeline.Commands;

/// <summary>The program was called in a way that cannot work: one line that says what, where and how to mend it. Exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);
