namespace Pipeline.Monitoring.StatusPage;

/// <summary>What does not change while the program runs.</summary>
/// <param name="Types">The types that events are counted by, in the order in which they are shown.</param>
internal sealed record StatusProgram(
    string Version, DateTimeOffset Started, string Source, string Log, string Lake, double WindowSeconds, IReadOnlyList<string> Types);
