namespace Pipeline.Tests.Integration.Faults;

/// <summary>A row of the matrix.</summary>
/// <param name="Name">What to call it by: <c>./test Integration -- -trait "row=redis-killed"</c>.</param>
/// <param name="Injected">What goes wrong, in words.</param>
/// <param name="Proves">What the row proves when it passes.</param>
/// <param name="FailsWhen">The mechanism that it guards: switched off, the row has been seen to fail.</param>
internal sealed record FaultRow(
    string Name, string Injected, string Proves, string FailsWhen, Func<Traffic> Traffic, Func<Injection> Injection)
{
    /// <summary>Which test class runs it; classes run at the same time.</summary>
    public required Lane Lane { get; init; }
}
