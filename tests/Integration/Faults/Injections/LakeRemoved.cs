using FluentAssertions;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>
/// The lake's folder is gone, as when its disk is not mounted, and comes back later. Were a new lake begun in its place, its windows would be
/// hidden once the disk is back, and the log would have been trimmed.
/// </summary>
/// <param name="records">How much goes into the log meanwhile.</param>
internal sealed class LakeRemoved(int records = 20_000) : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.WritesAsync(2);
        var (lake, away) = (run.Rig.Lake.Path, run.Rig.Lake.Path + "-away");
        Directory.Move(lake, away);
        await run.WarnsAsync("No window was written");
        var (windows, committed) = (run.Written.Windows, (await run.Rig.Logs[0].ReadStateAsync()).CommittedOffset);
        await run.WarnsAsync("No window was written");
        await run.FlowsAsync(records);
        run.Written.Windows.Should().Be(windows, "nothing may be written anywhere but in the log's own lake");
        (await run.Rig.Logs[0].ReadStateAsync()).CommittedOffset.Should().Be(committed);
        if (Directory.Exists(lake)) Directory.Delete(lake, recursive: true);
        Directory.Move(away, lake);
        await run.WritesAsync(2);
        return run.Log.All.Last(l => l.Contains("No window was written", StringComparison.Ordinal));
    }
}
