using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Lake;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>
/// A live source, a writer and readers at work while random faults arrive, at random, without a pause. STORM_MINUTES makes it longer (default 1),
/// STORM_SEED repeats it.
/// </summary>
public sealed class StormTests(RedisFixture redis)
{
    private static readonly double _minutes = Setting("STORM_MINUTES", 1.0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_storm_of_faults_costs_and_doubles_nothing()
    {
        var output = TestContext.Current.TestOutputHelper!;
        var seed = (int)Setting("STORM_SEED", Random.Shared.Next(1_000_000));
        output.WriteLine($"STORM_SEED={seed} STORM_MINUTES={_minutes.ToString(CultureInfo.InvariantCulture)}");
        await using var storm = new Storm();
        await using var run = await FaultRun.StartAsync(
            new LiveTraffic { Rate = 1_500, Speed = 2, NoEventsTimeout = TimeSpan.FromSeconds(1) }, storm, redis, seed);
        try
        {
            await run.FlowsAsync();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var reading = ReadAsync(run.Rig.Lake.Path, over.Token);
            var watch = Stopwatch.StartNew();
            var fronts = await Task.WhenAll(Storm.Fronts.Select((faults, front) => BlowAsync(run, faults, new Random(seed + front), watch, output.WriteLine)));
            await over.CancelAsync();
            var files = await reading;
            var report = await run.FinishAsync(storm);

            output.WriteLine($"{fronts.Sum()} faults in {watch.Elapsed.TotalSeconds:0} s, {files} files read meanwhile, {run.Ingested.Recoveries} recoveries; {report}");
            report.Violations.Should().BeEmpty();
            fronts.Should().OnlyContain(faults => faults > 3, "a storm is more than a breeze");
            files.Should().BePositive("readers have to have read");
        }
        catch
        {
            foreach (var line in run.Log.Last(60)) output.WriteLine(line);
            throw;
        }
    }

    /// <summary>One fault after the other until time is up. Returns how many.</summary>
    private static async Task<int> BlowAsync(FaultRun run, IReadOnlyList<Func<Random, Injection>> faults, Random random, Stopwatch watch, Action<string> say)
    {
        var count = 0;
        for (; watch.Elapsed.TotalMinutes < _minutes; count++)
        {
            await using var fault = faults[random.Next(faults.Count)](random);
            var from = watch.Elapsed;
            var evidence = await fault.InjectAsync(run);
            evidence.Should().NotBeEmpty();
            say($"{from.TotalSeconds,6:0.0} s {fault.GetType().Name}: {evidence}");
        }

        return count;
    }

    /// <summary>Opens every visible file again and again: at no moment may one be there that does not open. Returns how often that was done.</summary>
    private static async Task<long> ReadAsync(string lake, CancellationToken cancellationToken)
    {
        var read = 0L;
        using var reader = new LakeReader(lake);
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var file in reader.Files())
            {
                var path = Path.Combine(lake, file);
                try
                {
                    reader.Scalar<long>($"SELECT count(*) FROM read_parquet('{path}')");
                    read++;
                }
                catch (DuckDB.NET.Data.DuckDBException e) when (!File.Exists(path) || e.Message.Contains("No files found", StringComparison.Ordinal))
                {
                    // The lake was just taken away, and may be back by now, or the window's files were written anew.
                }
            }

            await Task.Delay(Deadlines.Poll, CancellationToken.None);
        }

        return read;
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
