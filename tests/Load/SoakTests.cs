using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Reports;
using Xunit;
using static System.FormattableString;

namespace Pipeline.Tests.Load;

/// <summary>The two halves as processes of their own at the real firehose's mean rate, for as long as LOAD_SOAK_SECONDS says.</summary>
public sealed class SoakTests(RedisFixture redis)
{
    private const int Rate = 343;

    /// <summary>Below this a process is still warming up, and its memory says nothing.</summary>
    private static readonly TimeSpan _leastForMemory = TimeSpan.FromMinutes(10);

    /// <summary>How much more the last third may hold than the second.</summary>
    private const double Growth = 1.1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_halves_archive_the_mean_rate_without_growing()
    {
        var events = (long)(Rate * LoadSettings.Soak.TotalSeconds);
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        string[] log = ["--log", rig.Log.Name, "--redis", redis.ConnectionString];
        string[] lake = ["--lake", rig.Lake.Path, "--window", "10s"];
        using var ingest = PipelineProgram.Start(["ingest", "--source", "mock", "--rate", Invariant($"{Rate}"), "--events", Invariant($"{events}"), .. log]);
        using var write = PipelineProgram.Start(["write", .. lake, .. log]);

        var samples = new List<(long Ingest, long Write)>();
        while (ingest.IsRunning)
        {
            write.IsRunning.Should().BeTrue("a writer does not end by itself");
            samples.Add((ingest.ResidentBytes, write.ResidentBytes));
            await ingest.ExitsWithinAsync(TimeSpan.FromSeconds(1), Token);
        }

        (await ingest.ExitCodeAsync(Token)).Should().Be(0, await ingest.OutputAsync());
        write.Terminate();
        (await write.ExitCodeAsync(Token)).Should().Be(0, await write.OutputAsync());
        await rig.DrainAsync(Token);

        var (ingested, written) = (samples.ConvertAll(s => s.Ingest), samples.ConvertAll(s => s.Write));
        TestContext.Current.TestOutputHelper!.WriteLine(Report(ingested, written));
        var state = await rig.Logs[0].ReadStateAsync();
        rig.Read().CountByType().Values.Sum().Should().BePositive().And.Be(state.Offset);
        if (LoadSettings.Soak < _leastForMemory) return;
        Third(ingested, 2).Should().BeLessThan(Third(ingested, 1) * Growth);
        Third(written, 2).Should().BeLessThan(Third(written, 1) * Growth);
    }

    private static string Report(List<long> ingest, List<long> write)
    {
        var table = new Table("soak", Invariant($"`pipeline ingest` and `pipeline write` at {Rate} events/s for {LoadSettings.Soak.TotalSeconds:0} s: resident memory."), "process", "first third", "second third", "last third", "peak");
        foreach (var (name, samples) in (IEnumerable<(string, List<long>)>)[("ingest", ingest), ("write", write)])
        {
            table.Add(name, Invariant($"{Third(samples, 0) / 1e6:0} MB"), Invariant($"{Third(samples, 1) / 1e6:0} MB"), Invariant($"{Third(samples, 2) / 1e6:0} MB"), Invariant($"{samples.Max() / 1e6:0} MB"));
        }

        table.Add(new LineChart("Resident memory", "MB", [("ingest", [.. ingest.Select(b => b / 1e6)]), ("write", [.. write.Select(b => b / 1e6)])], Logarithmic: false));
        return table.Write();
    }

    private static double Third(List<long> samples, int number)
    {
        var size = Math.Max(1, samples.Count / 3);
        return samples.Skip(number * size).Take(size).DefaultIfEmpty(0).Average();
    }
}
