namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record StateAnswerDetails(string? Reason, double? DelaySeconds);
