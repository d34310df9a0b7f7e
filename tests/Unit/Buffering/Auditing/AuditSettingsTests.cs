using FluentAssertions;
using Pipeline.Buffering.Auditing;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering.Auditing;

public sealed class AuditSettingsTests
{
    [Fact]
    public void A_sound_server_has_nothing_but_ok() =>
        Snapshots.Sound.Audit().Findings.Where(f => f.Verdict != Verdict.Ok).Should().BeEmpty();

    [Theory]
    [InlineData("maxmemory", "0", "Wrong")]
    [InlineData("maxmemory", "1073741824", "Wrong")]
    [InlineData("maxmemory", "4294967296", "Warning")]
    [InlineData("maxmemory-policy", "allkeys-random", "Wrong")]
    [InlineData("maxmemory-policy", "allkeys-lfu", "Wrong")]
    [InlineData("maxmemory-policy", "noeviction", "Warning")]
    [InlineData("maxmemory-policy", "volatile-ttl", "Warning")]
    [InlineData("appendonly", "no", "Wrong")]
    [InlineData("appendfsync", "no", "Wrong")]
    [InlineData("appendfsync", "always", "Warning")]
    [InlineData("no-appendfsync-on-rewrite", "yes", "Wrong")]
    [InlineData("auto-aof-rewrite-percentage", "0", "Wrong")]
    [InlineData("auto-aof-rewrite-percentage", "500", "Warning")]
    [InlineData("auto-aof-rewrite-min-size", "1073741824", "Warning")]
    [InlineData("aof-load-truncated", "no", "Warning")]
    [InlineData("save", "3600 1 300 100", "Warning")]
    [InlineData("stream-node-max-bytes", "4096", "Warning")]
    [InlineData("stream-node-max-entries", "100", "Warning")]
    [InlineData("maxclients", "100", "Warning")]
    [InlineData("maxclients", "10000", "Ok")]
    [InlineData("tcp-keepalive", "0", "Warning")]
    [InlineData("tcp-keepalive", "300", "Ok")]
    [InlineData("tcp-backlog", "64", "Warning")]
    [InlineData("timeout", "30", "Warning")]
    public void A_single_deviation_is_judged_and_nothing_else_is(string setting, string value, string verdict)
    {
        var others = Snapshots.Sound.With(setting, value).Audit();

        others.Find(setting).Verdict.Should().Be(Enum.Parse<Verdict>(verdict));
        others.Findings.Where(f => f.Setting != setting && f.Verdict != Verdict.Ok).Should().BeEmpty();
    }

    [Fact]
    public void What_is_wrong_fails_the_audit() => Snapshots.Sound.With("appendonly", "no").Audit().Passed.Should().BeFalse();

    [Fact]
    public void A_warning_does_not_fail_the_audit() => Snapshots.Sound.With("timeout", "30").Audit().Passed.Should().BeTrue();

    [Theory]
    [InlineData("noeviction", "Ok")]
    [InlineData("volatile-lru", "Ok")]
    [InlineData("allkeys-lru", "Wrong")]
    public void The_noeviction_profile_takes_no_policy_that_could_take_the_log(string policy, string verdict) =>
        Snapshots.Sound.With("maxmemory-policy", policy).Audit(AuditProfile.NoEviction).Find("maxmemory-policy").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Fact]
    public void Sizes_are_compared_in_bytes() => Snapshots.Sound.With("maxmemory", "2gb").Audit().Find("maxmemory").Verdict.Should().Be(Verdict.Ok);

    [Fact]
    public void What_is_not_well_says_how_to_mend_it() => Snapshots.Sound.With("timeout", "30").Audit().Find("timeout").Mend.Should().Contain("CONFIG SET timeout 0");

    [Fact]
    public void Every_setting_of_the_shipped_configuration_has_a_rule() =>
        ShippedConfiguration.Names.Should().BeSubsetOf(AuditRules.For(new AuditOptions()).OfType<ConfigRule>().Select(r => r.Name));
}
