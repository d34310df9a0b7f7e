namespace Pipeline.Monitoring;

/// <summary>What is not well at one moment; nothing when the program does its work.</summary>
public sealed record HealthReport(DateTimeOffset Time, IReadOnlyList<Problem> Problems)
{
    public bool IsReady => Problems.Count == 0;
}
