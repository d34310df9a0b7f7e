using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>A second ingestor and a second writer by mistake, and the lease that would keep the writers apart does not hold.</summary>
internal sealed class TwoOfEach : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var (ingested, written) = (new IngestStats(), new WriteStats());
        await run.FlowsAsync();
        run.StartIngestor(ingested);
        run.StartWriter(written);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var stealing = StealLeasesAsync(run, stop.Token);
        await run.WhileAtWorkAsync(Eventually.GetAsync(
            "both to have met",
            () => (ingested.Recoveries + run.Ingested.Recoveries, written.Windows, run.Written.Windows),
            seen => seen is { Item1: > 2, Item2: > 1, Item3: > 1 },
            Deadlines.Recovery));
        await stop.CancelAsync();
        (await stealing).Should().BePositive();
        return $"ingestors {run.Ingested.Acknowledged} and {ingested.Acknowledged} records, fenced {run.Ingested.Recoveries + ingested.Recoveries} times; " +
            $"writers {run.Written.Windows} and {written.Windows} windows";
    }

    private static async Task<int> StealLeasesAsync(FaultRun run, CancellationToken cancellationToken)
    {
        for (var stolen = 0; ;)
        {
            if (cancellationToken.IsCancellationRequested) return stolen;
            if (await run.Rig.Database.KeyDeleteAsync(run.Rig.Logs[0].Keys.Lease)) stolen++;
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }
}
