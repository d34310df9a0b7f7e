namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record StateCreate(string Type, string? Name = null, string? Message = null)
{
    public StateDetails StateDetails { get; init; } = new();
}
