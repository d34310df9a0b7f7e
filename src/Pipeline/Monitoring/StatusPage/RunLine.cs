namespace Pipeline.Monitoring.StatusPage;

/// <summary>A window that was written, or an attempt that came to nothing.</summary>
/// <param name="Ended">When it was over, on the clock.</param>
/// <param name="Outcome">written, busy, failed, timed_out, ...</param>
/// <param name="Start">The window's start in log time; null where no window was reached.</param>
/// <param name="Text">Why, where it was not written.</param>
/// <param name="Times">How often in a row: an outage is one line.</param>
internal sealed record RunLine(
    DateTimeOffset Ended, string Outcome, DateTimeOffset? Start, DateTimeOffset? End, long Rows, int Files, long Bytes, double Seconds, string? Text, int Times);
