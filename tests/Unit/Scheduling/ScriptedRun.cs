using Pipeline.Scheduling;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>A run that ends as the test says, and remembers what it was asked and when.</summary>
internal sealed class ScriptedRun(TimeProvider time, params RunReport[] reports) : IWindowRun
{
    public List<RunRequest> Requests { get; } = [];

    public List<DateTimeOffset> Times { get; } = [];

    public Exception? Throws { get; init; }

    public Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (Throws is not null) return Task.FromException<RunReport>(Throws);
        Requests.Add(request);
        Times.Add(time.GetUtcNow());
        return Task.FromResult(reports[Requests.Count - 1]);
    }
}
