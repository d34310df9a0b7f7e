namespace Pipeline.Scheduling.Prefect.Wire;

/// <summary>Fields that are not ours are left out, and the server takes its defaults for them.</summary>
/// <param name="RetryDelay">Seconds.</param>
internal sealed record FlowRunPolicy(int? Retries, int? RetryDelay);
