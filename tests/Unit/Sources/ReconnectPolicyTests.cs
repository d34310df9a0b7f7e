using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class ReconnectPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Waits_grow_from_about_a_second_to_half_a_minute_at_most_and_no_two_clients_wait_alike()
    {
        var runs = new List<double[]>();
        for (var run = 0; run < 100; run++)
            runs.Add(await DelaysAsync(failures: 10));

        runs.Should().OnlyContain(delays => delays.All(delay => delay >= 0 && delay <= 30));
        runs.Should().OnlyContain(delays => delays[0] <= 1.5, "the first wait is about a second");
        runs.Should().OnlyContain(delays => delays.Take(2).Sum() <= 3 && delays.Take(5).Sum() >= 11, "waits double, whatever the jitter");
        runs.Average(delays => delays[9]).Should().BeGreaterThan(20);
        runs.Select(delays => delays[3]).Distinct().Should().HaveCountGreaterThan(90);
    }

    [Fact]
    public async Task A_new_run_starts_with_short_waits_again()
    {
        await DelaysAsync(failures: 10);

        (await DelaysAsync(failures: 1))[0].Should().BeLessThan(1.5);
    }

    [Fact]
    public async Task Only_disconnections_are_retried()
    {
        var attempts = 0;
        var policy = ReconnectPolicy.Create(new JetstreamOptions(), _time, (_, _) => { });

        var run = () => policy.ExecuteAsync<JetstreamSession>(
            _ =>
            {
                attempts++;
                throw new InvalidDataException("a bug of ours");
            },
            TestContext.Current.CancellationToken).AsTask();

        await run.Should().ThrowAsync<InvalidDataException>();
        attempts.Should().Be(1);
    }

    private async Task<double[]> DelaysAsync(int failures)
    {
        var delays = new List<double>();
        var attempts = 0;
        var policy = ReconnectPolicy.Create(new JetstreamOptions(), _time, (_, delay) => delays.Add(delay.TotalSeconds));
        var run = policy.ExecuteAsync<JetstreamSession>(
            _ => attempts++ < failures
                ? throw new JetstreamDisconnectedException("down")
                : ValueTask.FromResult<JetstreamSession>(null!),
            TestContext.Current.CancellationToken).AsTask();
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        await run;
        return [.. delays];
    }
}
