using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Writers are killed while they hold unfinished files; the next one works, and clears up after them.</summary>
internal sealed class WritersKilled(int times) : Injection
{
    public override bool WriterWaits => true;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var staging = Path.Combine(run.Rig.Lake.Path, "_pipeline", "staging");
        var left = new List<string>();
        await run.FlowsAsync(10_000);
        for (var i = 0; i < times; i++)
        {
            await run.FlowsAsync(5_000);
            using var writer = PipelineProgram.Start(
            [
                "write", "--redis", run.RedisAddress, "--log", run.Rig.Log.Name, "--lake", run.Rig.Lake.Path, "--window", "5s", "--schedule", "1s",
            ]);
            await Eventually.TrueAsync("a file to be under way", () => Unfinished().Except(left).Any(), Deadlines.Recovery);
            writer.Kill();
            left.AddRange(Unfinished().Except(left));

            // What a dead writer leaves in Redis is its lease, for half a minute. This row does not wait for that.
            await run.Rig.Database.KeyDeleteAsync(run.Rig.Logs[0].Keys.Lease);
        }

        run.StartWriter();
        await run.WritesAsync(2);
        left.Should().NotBeEmpty("a writer has to have left something");
        return $"{left.Count} unfinished files, such as {Path.GetRelativePath(run.Rig.Lake.Path, left[0])}";

        IEnumerable<string> Unfinished()
        {
            try
            {
                return Directory.Exists(staging) ? [.. Directory.EnumerateFiles(staging, "*.tmp", SearchOption.AllDirectories)] : [];
            }
            catch (DirectoryNotFoundException)
            {
                return [];
            }
        }
    }
}
