using System.Runtime.ExceptionServices;

namespace Pipeline.Scheduling;

/// <summary>What a run came to.</summary>
/// <param name="Windows">The windows it wrote that hold anything, in order; a run that failed may have written some.</param>
/// <param name="Error">What went wrong, in one line; null when nothing did.</param>
/// <param name="CanHeal">True when the same run may succeed later by itself: Redis was away, a disk was full, another writer was at it.</param>
public sealed record RunReport(RunOutcome Outcome, IReadOnlyList<WindowReport> Windows, TimeSpan Duration, string? Error, bool CanHeal)
{
    /// <summary>The error itself, for a caller who passes it on.</summary>
    internal Exception? Cause { get; init; }

    /// <summary>True when the run did what it was there for.</summary>
    public bool Succeeded => Outcome is RunOutcome.Written or RunOutcome.Nothing;

    /// <summary>Passes the error on, as if there had been no report.</summary>
    internal void ThrowIfFailed()
    {
        if (Cause is not null) ExceptionDispatchInfo.Throw(Cause);
    }
}
