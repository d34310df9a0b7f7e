using System.Collections.Concurrent;
using Pipeline.Scheduling;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>A run that finds nothing to do, and remembers what it was there for.</summary>
internal sealed class CountedRun : IWindowRun
{
    private readonly ConcurrentQueue<RunRequest> _requests = new();

    public IReadOnlyCollection<RunRequest> Requests => _requests;

    public Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        return Task.FromResult(new RunReport(RunOutcome.Nothing, [], TimeSpan.Zero, null, false));
    }
}
