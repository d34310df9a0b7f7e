namespace Pipeline.Monitoring.Health;

/// <summary>Spans of time as a sentence has them.</summary>
internal static class Spans
{
    /// <summary>Such as <c>75 s</c>, <c>12 min</c> or <c>5 h</c>.</summary>
    public static string Text(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => $"{(long)span.TotalSeconds} s",
        { TotalMinutes: < 120 } => $"{(long)span.TotalMinutes} min",
        _ => $"{(long)span.TotalHours} h",
    };
}
