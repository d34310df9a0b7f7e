using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>
/// Runs the rows of <see cref="FaultMatrix"/>. A class for each lane, since tests of a class run one after the other and a fault is mostly
/// waiting. FAULT_SEED repeats the random instants of a row.
/// </summary>
public abstract class FaultMatrixTests(RedisFixture redis)
{
    private static readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("FAULT_SEED"), CultureInfo.InvariantCulture, out var seed)
        ? seed
        : Random.Shared.Next(1_000_000);

    private protected async Task RunAsync(string name)
    {
        var row = FaultMatrix.Rows.Single(r => r.Name == name);
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{row.Name}: {row.Injected} (FAULT_SEED={_seed})");
        output.WriteLine($"fails when: {row.FailsWhen}");
        await using var injection = row.Injection();
        var watch = Stopwatch.StartNew();
        await using var run = await FaultRun.StartAsync(row.Traffic(), injection, redis, _seed);
        try
        {
            var started = watch.Elapsed;
            var evidence = await injection.InjectAsync(run);
            output.WriteLine($"it happened: {evidence}");
            evidence.Should().NotBeEmpty("an injection has to prove that it fired");

            var injected = watch.Elapsed;
            var report = await run.FinishAsync(injection);
            output.WriteLine($"{report}; start {started.TotalSeconds:0.0} s, fault {(injected - started).TotalSeconds:0.0} s, check {(watch.Elapsed - injected).TotalSeconds:0.0} s");
            report.Violations.Should().BeEmpty();
            report.Rows.Should().BePositive();
        }
        catch
        {
            foreach (var line in run.Log.Last(40)) output.WriteLine(line);
            throw;
        }
    }
}
