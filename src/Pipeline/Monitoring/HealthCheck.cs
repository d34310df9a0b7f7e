namespace Pipeline.Monitoring;

/// <summary>Says whether the program does its work. It only looks at what is known already, so it answers at once, whatever hangs.</summary>
public sealed class HealthCheck(TimeProvider time)
{
    private readonly List<Func<IEnumerable<Problem>>> _parts = [];

    /// <summary>Adds a part: it gives its problems, in words for people, the worst first. Before the server starts.</summary>
    public void Add(Func<IEnumerable<Problem>> part) => _parts.Add(part);

    public HealthReport Look() => new(time.GetUtcNow(), [.. _parts.SelectMany(part => part())]);
}
