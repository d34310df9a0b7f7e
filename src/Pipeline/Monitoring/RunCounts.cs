using Pipeline.Archiving;

namespace Pipeline.Monitoring;

/// <summary>Counts a writer's looks by their outcome.</summary>
internal sealed class RunCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<WriteOutcome>().Length];

    public static IReadOnlyList<string> Outcomes { get; } = [.. Enum.GetNames<WriteOutcome>().Select(n => n.ToLowerInvariant())];

    public void Count(WriteOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    public long Of(string outcome) => Volatile.Read(ref _counts[(int)Enum.Parse<WriteOutcome>(outcome, ignoreCase: true)]);
}
