namespace Pipeline.Scheduling;

/// <summary>The schedule's database cannot be used. The message says what, where and what to do.</summary>
public sealed class ScheduleException(string message, Exception? inner = null) : Exception(message, inner);
