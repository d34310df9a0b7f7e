using Pipeline.Scheduling;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>A run that ends as it is told.</summary>
internal sealed class FixedRun : IWindowRun
{
    public Func<RunReport> Next { get; set; } = () => Report(RunOutcome.Nothing);

    public static RunReport Report(RunOutcome outcome, params WindowReport[] windows) =>
        new(outcome, windows, TimeSpan.FromSeconds(2), outcome == RunOutcome.Failed ? "The disk is full." : null, CanHeal: true);

    public Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(Next());
        }
        catch (Exception e)
        {
            return Task.FromException<RunReport>(e);
        }
    }
}
