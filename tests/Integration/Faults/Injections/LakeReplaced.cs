using FluentAssertions;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>In the lake's place is an empty folder, then the lake of another log, then the right one again.</summary>
internal sealed class LakeReplaced : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.WritesAsync(2);
        var (lake, away) = (run.Rig.Lake.Path, run.Rig.Lake.Path + "-away");
        Directory.Move(lake, away);
        Directory.CreateDirectory(lake);
        await run.WarnsAsync("No window was written");
        await run.WarnsAsync("No window was written");
        var windows = run.Written.Windows;
        Directory.CreateDirectory(Path.Combine(lake, "_pipeline"));
        await File.WriteAllTextAsync(Path.Combine(lake, "_pipeline", "lake.json"), """{"log":"another","shards":1}""");
        await run.WarnsAsync("No window was written");
        await run.WarnsAsync("No window was written");
        await run.FlowsAsync(10_000);
        run.Written.Windows.Should().Be(windows, "nothing may be written anywhere but in the log's own lake");
        Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories).Should().BeEmpty();
        Directory.Delete(lake, recursive: true);
        Directory.Move(away, lake);
        await run.WritesAsync(2);
        return run.Log.All.Last(l => l.Contains("No window was written", StringComparison.Ordinal));
    }
}
