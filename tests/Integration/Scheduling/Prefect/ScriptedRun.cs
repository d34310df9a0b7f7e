using System.Collections.Concurrent;
using Pipeline.Scheduling;

namespace Pipeline.Tests.Integration.Scheduling.Prefect;

/// <summary>A run that does what a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedRun : IWindowRun
{
    private static readonly DateTimeOffset _start = new(2026, 7, 4, 14, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<RunRequest> _requests = [];
    private int _at;

    /// <summary>Default: <see cref="Written"/> at once.</summary>
    public Func<RunRequest, CancellationToken, Task<RunReport>> Does { get; set; } = (request, _) => Task.FromResult(Written(request));

    public IReadOnlyList<RunRequest> Requests => [.. _requests];

    /// <summary>True as soon as two were at it at once.</summary>
    public bool Overlapped { get; private set; }

    /// <summary>Two windows.</summary>
    public static RunReport Written(RunRequest request)
    {
        var windows = new List<WindowReport>();
        for (var w = 0; w < 2; w++)
        {
            var start = _start + TimeSpan.FromMinutes(5 * w);
            request.Progress?.WindowStarted(start, start.AddMinutes(5));
            var window = new WindowReport(
                start,
                start.AddMinutes(5),
                new Dictionary<string, long> { ["post"] = 1_000, ["like"] = 5_000 },
                new Dictionary<string, long> { ["post"] = 200_000, ["like"] = 300_000 },
                2,
                TimeSpan.FromSeconds(1));
            windows.Add(window);
            request.Progress?.WindowWritten(window);
        }

        return new RunReport(RunOutcome.Written, windows, TimeSpan.FromSeconds(2), null, false);
    }

    public static RunReport Failed(string error) => new(RunOutcome.Failed, [], TimeSpan.FromSeconds(1), error, true);

    /// <summary>Goes on until it is told to stop.</summary>
    public static async Task<RunReport> UntilStoppedAsync(RunRequest request, CancellationToken cancellationToken)
    {
        request.Progress?.WindowStarted(_start, _start.AddMinutes(5));
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new RunReport(RunOutcome.Cancelled, [], TimeSpan.FromSeconds(1), "Told to stop.", true);
    }

    public async Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        if (Interlocked.Increment(ref _at) > 1) Overlapped = true;
        try
        {
            return await Does(request, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _at);
        }
    }
}
