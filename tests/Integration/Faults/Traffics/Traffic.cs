using Pipeline.Sources;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>What flows through the pipeline during a row of the matrix, with a record of it that the pipeline has no part in.</summary>
internal abstract class Traffic : IAsyncDisposable
{
    /// <summary>Messages per second.</summary>
    public required int Rate { get; init; }

    /// <summary>What the traffic is, in a word or two.</summary>
    public abstract string Kind { get; }

    /// <summary>The source that the pipeline reads; null when it is a program that makes its own.</summary>
    public abstract IEventSource? Source { get; }

    /// <summary>Everything produced, once the traffic has ended.</summary>
    public abstract Produced Produced { get; }

    /// <summary>Makes ready before the pipeline starts.</summary>
    public virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Begins, now that the pipeline has started.</summary>
    public virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>Stops producing, and lets the source end once the pipeline has everything.</summary>
    public abstract Task EndAsync(FaultRun run);

    public ValueTask DisposeAsync() => CleanUpAsync();

    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;
}
