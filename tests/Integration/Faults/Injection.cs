using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>One thing that goes wrong, and the proof that it did.</summary>
internal abstract class Injection : IAsyncDisposable
{
    /// <summary>The Redis that it needs to itself; null when the shared one will do, since Redis comes to no harm.</summary>
    public virtual RedisServerOptions? Redis => null;

    /// <summary>True when the pipeline reaches Redis through a <see cref="FaultyLink"/>.</summary>
    public virtual bool NeedsLink => false;

    /// <summary>True when the writer of the run starts only with <see cref="FaultRun.StartWriter"/>.</summary>
    public virtual bool WriterWaits => false;

    /// <summary>A folder of the injection's own for the lake; null = any.</summary>
    public virtual Task<string?> LakeAsync() => Task.FromResult<string?>(null);

    /// <summary>Does it while the traffic flows, and undoes it where a machine room would. The pipeline gets no help.</summary>
    /// <returns>What shows that it happened; throws when nothing does.</returns>
    public abstract Task<string> InjectAsync(FaultRun run);

    /// <summary>What is to be checked beyond the invariant. <paramref name="produced"/> may be completed by what the injection itself destroyed.</summary>
    public virtual Task<Produced> CheckAsync(FaultRun run, Produced produced) => Task.FromResult(produced);

    public ValueTask DisposeAsync() => CleanUpAsync();

    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;
}
