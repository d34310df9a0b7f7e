using FluentAssertions;
using Pipeline.Buffering.Auditing;
using Xunit;

namespace Pipeline.Tests.Integration.Auditing;

/// <summary>A real server's own words, one setting changed at a time.</summary>
public sealed class AuditDeviationTests(AuditedRedis redis) : IClassFixture<AuditedRedis>
{
    [Theory]
    [InlineData("maxmemory", "512mb", "Wrong")]
    [InlineData("maxmemory", "4gb", "Warning")]
    [InlineData("maxmemory-policy", "allkeys-random", "Wrong")]
    [InlineData("maxmemory-policy", "noeviction", "Warning")]
    [InlineData("appendonly", "no", "Wrong")]
    [InlineData("appendfsync", "no", "Wrong")]
    [InlineData("no-appendfsync-on-rewrite", "yes", "Wrong")]
    [InlineData("auto-aof-rewrite-percentage", "0", "Wrong")]
    [InlineData("auto-aof-rewrite-min-size", "1gb", "Warning")]
    [InlineData("aof-load-truncated", "no", "Warning")]
    [InlineData("save", "3600 1", "Warning")]
    [InlineData("stream-node-max-bytes", "4kb", "Warning")]
    [InlineData("stream-node-max-entries", "100", "Warning")]
    [InlineData("maxclients", "100", "Warning")]
    [InlineData("tcp-keepalive", "0", "Warning")]
    [InlineData("timeout", "30", "Warning")]
    public async Task A_changed_setting_is_the_one_that_is_found(string setting, string value, string verdict)
    {
        var server = await redis.ServerAsync();
        var before = await AuditedRedis.AuditAsync(server);
        await server.ConfigSetAsync(setting, value);
        try
        {
            var after = await AuditedRedis.AuditAsync(server);

            Changed(before, after).Should().Equal((setting, Enum.Parse<Verdict>(verdict)));
        }
        finally
        {
            await server.ConfigSetAsync(setting, ShippedConfiguration.Value(setting));
        }
    }

    [Fact]
    public async Task Of_the_shipped_configuration_every_setting_is_ok() =>
        (await AuditedRedis.AuditAsync(await redis.ServerAsync())).Findings
            .Where(f => ShippedConfiguration.Names.Contains(f.Setting)).Should().OnlyContain(f => f.Verdict == Verdict.Ok).And.HaveCountGreaterThan(10);

    [Fact]
    public async Task The_noeviction_profile_finds_that_the_shipped_policy_may_take_the_log() =>
        (await AuditedRedis.AuditAsync(await redis.ServerAsync(), AuditProfile.NoEviction)).Findings
            .Where(f => f.Verdict == Verdict.Wrong).Select(f => f.Setting).Should().Equal("maxmemory-policy");

    // What the machine itself is like may change between two audits; that is not what these tests are about.
    private static IEnumerable<(string, Verdict)> Changed(AuditReport before, AuditReport after) => before.Findings.Zip(after.Findings)
        .Where(pair => pair.Second.Verdict != pair.First.Verdict && pair.Second.Setting != "machine-memory")
        .Select(pair => (pair.Second.Setting, pair.Second.Verdict));
}
