using FluentAssertions;
using Pipeline.Tests.Load.Reports;
using Pipeline.Tests.Load.Scenarios;
using Xunit;

namespace Pipeline.Tests.Load.Engines;

/// <summary>An instrument is worth what its own tests say: it must see what it is there to see.</summary>
public sealed class OpenModelEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_of_the_profile_is_begun_and_counted()
    {
        var calls = 0L;
        var result = await RunAsync(new RateProfile([new RatePhase(200, TimeSpan.FromSeconds(1)), new RatePhase(1000, TimeSpan.FromSeconds(1))]), () =>
        {
            Interlocked.Increment(ref calls);
            return ValueTask.CompletedTask;
        });

        result.Ok.Should().Be(1200).And.Be(calls);
        result.Failed.Should().Be(0);
        result.Seconds.Should().HaveCount(2);
        result.Seconds[1].Ok.Should().BeGreaterThan(result.Seconds[0].Ok);
    }

    [Fact]
    public async Task A_stall_counts_for_every_operation_that_it_held_up()
    {
        // A server that answers one at a time, and once not for a second: with a closed model a single operation would have seen it.
        var turn = new SemaphoreSlim(1);
        var (number, stall) = (0, TimeSpan.FromSeconds(1));
        var result = await RunAsync(RateProfile.Steady(200, TimeSpan.FromSeconds(3)), async () =>
        {
            await turn.WaitAsync(Token);
            try
            {
                if (Interlocked.Increment(ref number) == 100) await Task.Delay(stall, Token);
            }
            finally
            {
                turn.Release();
            }
        });

        result.Ok.Should().Be(600);
        result.Latency.Max.Should().BeGreaterThanOrEqualTo(stall.TotalMilliseconds * 0.99);
        // A third of the operations were to begin within that second; those at its end waited for less.
        result.Latency.P95.Should().BeGreaterThan(stall.TotalMilliseconds / 2);
    }

    [Fact]
    public async Task A_step_that_does_not_return_soon_is_not_the_generators_lateness()
    {
        var (number, stall) = (0, TimeSpan.FromSeconds(1));
        using var never = new ManualResetEventSlim();
        var result = await RunAsync(RateProfile.Steady(200, TimeSpan.FromSeconds(3)), () =>
        {
            if (Interlocked.Increment(ref number) == 100) never.Wait(stall, Token);
            return ValueTask.CompletedTask;
        });

        result.Latency.P95.Should().BeGreaterThan(stall.TotalMilliseconds / 2);
        result.Lateness!.P99.Should().BeLessThan(stall.TotalMilliseconds / 2);
    }

    [Fact]
    public async Task The_linger_of_the_last_operations_is_no_lower_rate()
    {
        var (number, linger) = (0, TimeSpan.FromSeconds(1));
        var result = await RunAsync(
            RateProfile.Steady(100, TimeSpan.FromSeconds(2)), async () =>
            {
                if (Interlocked.Increment(ref number) == 200) await Task.Delay(linger / 2, Token);
            },
            linger);

        result.Ok.Should().Be(200);
        result.Elapsed.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_warm_up_is_as_long_as_it_says()
    {
        foreach (var profile in (RateProfile[])[RateProfile.Steady(100, TimeSpan.FromSeconds(30)), RateProfile.Closed(10, TimeSpan.FromSeconds(30))])
        {
            var warmUp = new Scenario("any", "", profile, TimeSpan.FromSeconds(2), () => ValueTask.CompletedTask, new Thresholds()).WarmUpProfile!;
            warmUp.During.Should().Be(TimeSpan.FromSeconds(2));
            warmUp.Operations.Should().Be(profile.Callers is null ? 200 : 0);
        }
    }

    [Fact]
    public async Task A_failure_is_counted_with_its_reason_and_judged()
    {
        var number = 0;
        var result = await RunAsync(RateProfile.Steady(100, TimeSpan.FromSeconds(1)), () =>
            Interlocked.Increment(ref number) == 7 ? throw new InvalidOperationException("the seventh") : ValueTask.CompletedTask);

        result.Failed.Should().Be(1);
        result.Ok.Should().Be(99);
        new Thresholds(MinRate: null, MinDrift: null).Judge(result).Should().ContainSingle().Which.Should().Contain("the seventh");
    }

    [Fact]
    public async Task A_server_that_cannot_keep_up_misses_the_rate()
    {
        var turn = new SemaphoreSlim(1);
        var result = await RunAsync(RateProfile.Steady(200, TimeSpan.FromSeconds(2)), async () =>
        {
            await turn.WaitAsync(Token);
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), Token);
            }
            finally
            {
                turn.Release();
            }
        }, TimeSpan.FromMilliseconds(200));

        result.Ok.Should().Be(400);
        new Thresholds(MinDrift: null).Judge(result).Should().ContainSingle().Which.Should().Contain("were achieved");
    }

    [Fact]
    public async Task A_closed_model_begins_one_operation_per_caller_at_a_time()
    {
        var (now, most) = (0, 0);
        var result = await RunAsync(RateProfile.Closed(3, TimeSpan.FromSeconds(1)), async () =>
        {
            var running = Interlocked.Increment(ref now);
            if (running > Volatile.Read(ref most)) Volatile.Write(ref most, running);
            await Task.Delay(TimeSpan.FromMilliseconds(2), Token);
            Interlocked.Decrement(ref now);
        });

        result.Ok.Should().BePositive();
        result.Offered.Should().BeNull();
        most.Should().BeInRange(1, 3);
    }

    private static Task<LoadResult> RunAsync(RateProfile profile, Func<ValueTask> step, TimeSpan linger = default) =>
        new OpenModelEngine().RunAsync(new Scenario("test", "A test of the engine.", profile, TimeSpan.Zero, step, new Thresholds(), linger), Token);
}
