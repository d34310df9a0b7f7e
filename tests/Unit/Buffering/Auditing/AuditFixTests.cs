using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering.Auditing;

public sealed class AuditFixTests
{
    [Fact]
    public void A_fix_is_the_command_that_will_run() =>
        Snapshots.Sound.With("appendfsync", "no").Audit().Fixes.Select(f => f.Command).Should().Equal("CONFIG SET appendfsync everysec");

    [Fact]
    public void An_empty_value_is_written_with_quotes() =>
        Snapshots.Sound.With("save", "3600 1").Audit().Fixes.Select(f => f.Command).Should().Equal("CONFIG SET save \"\"");

    [Fact]
    public void The_append_only_file_comes_last() =>
        Snapshots.Sound.With("appendonly", "no").With("timeout", "5").Audit().Fixes.Select(f => f.Setting).Should().Equal("timeout", "appendonly");

    [Fact]
    public void What_needs_a_restart_is_no_fix() => Snapshots.Sound.With("tcp-backlog", "1").Audit().Find("tcp-backlog").Fix.Should().BeNull();

    [Theory]
    [InlineData("2147483648")]
    [InlineData("3000000000")]
    public void Maxmemory_is_not_set_below_what_is_in_use(string used)
    {
        var report = Snapshots.Sound.With("maxmemory", "0").WithInfo("used_memory", used).Audit(named: true);

        report.Find("maxmemory").Fix!.Refusal.Should().Contain(used);
        report.Fixes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("maxmemory-policy", "noeviction")]
    [InlineData("appendfsync", "always")]
    [InlineData("maxmemory", "4294967296")]
    public void What_is_safer_than_the_profile_stays_unless_the_profile_is_named(string setting, string value)
    {
        var server = Snapshots.Sound.With(setting, value);

        server.Audit(named: false).Fixes.Should().BeEmpty();
        server.Audit(named: true).Fixes.Should().ContainSingle(f => f.Setting == setting);
    }

    [Fact]
    public void What_is_more_dangerous_than_the_profile_is_fixed_without_naming_it() =>
        Snapshots.Sound.With("maxmemory-policy", "allkeys-random").Audit(named: false).Fixes.Should().ContainSingle(f => f.Value == "allkeys-lru");
}
