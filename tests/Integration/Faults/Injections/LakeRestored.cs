using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>In the lake's place is a copy from some windows ago, such as a backup, then the right one again.</summary>
internal sealed class LakeRestored : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.WritesAsync(2);
        var (lake, away, copy) = (run.Rig.Lake.Path, run.Rig.Lake.Path + "-away", run.Rig.Lake.Path + "-copy");
        using (var copying = Process.Start("cp", ["-a", lake, copy])) await copying.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WritesAsync(3);
        Directory.Move(lake, away);
        Directory.Move(copy, lake);
        await run.WarnsAsync("is an older copy");
        var (windows, files) = (run.Written.Windows, Files(lake));
        await run.WarnsAsync("is an older copy");
        await run.FlowsAsync(10_000);
        run.Written.Windows.Should().Be(windows, "what is written behind a hole hides it");
        Files(lake).Should().Be(files).And.BePositive();
        Directory.Delete(lake, recursive: true);
        Directory.Move(away, lake);
        await run.WritesAsync(2);
        return run.Log.All.Last(l => l.Contains("is an older copy", StringComparison.Ordinal));
    }

    private static int Files(string lake) => Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories).Count();
}
