namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record State(Guid Id, string Type, string? Name, string? Message, StateDetails? StateDetails)
{
    /// <summary>A state in a word; of a run that is no more, null.</summary>
    public static string Describe(State? state) => state is null ? "no more" : state.Name ?? state.Type;
}
