using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Load.Scenarios;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>What Redis itself does, one command at a time: what the other scenarios are to be compared with.</summary>
public sealed class BaselineTests(RedisFixture redis)
{
    private const int Callers = 10;

    /// <summary>MET-27.</summary>
    private const double LeastPerSecond = 1000;
    private static readonly byte[] _payload = Encoding.UTF8.GetBytes(new string('x', 450));

    [Fact]
    public async Task Redis_sets_and_gets_at_MET_27s_rate_and_latency()
    {
        var (database, key) = (redis.Database, RedisFixture.NewKey());
        var result = await LoadRun.PassAsync(Closed("baseline-set-get", "SET of 450 bytes and GET, one after the other, by 10 callers.", async () =>
        {
            await database.StringSetAsync(key, _payload);
            if ((await database.StringGetAsync(key)).Length() != _payload.Length) throw new InvalidOperationException("GET did not give what was SET.");
        }));
        result.Rate.Should().BeGreaterThan(LeastPerSecond);
    }

    [Fact]
    public async Task Redis_appends_entries_at_MET_27s_rate_and_latency()
    {
        var (database, key) = (redis.Database, RedisFixture.NewKey());
        var result = await LoadRun.PassAsync(Closed("baseline-xadd", "XADD of one 450 byte event per command, by 10 callers.", async () => await database.StreamAddAsync(key, "event", _payload)));
        await database.KeyDeleteAsync(key);
        result.Rate.Should().BeGreaterThan(LeastPerSecond);
    }

    private static Scenario Closed(string name, string description, Func<ValueTask> step) => new(
        name, description, RateProfile.Closed(Callers, LoadSettings.Baseline), TimeSpan.FromSeconds(2), step, Thresholds.Required with { MinDrift = null });
}
