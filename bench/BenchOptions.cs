namespace Pipeline.Bench;

/// <summary>How much is measured.</summary>
internal sealed record BenchOptions(int Events, int Rounds, long RssEvents)
{
    /// <summary>Events of the unmeasured first round, which is there for the JIT compiler.</summary>
    public int WarmUpEvents => Math.Min(Events, 60_000);
}
