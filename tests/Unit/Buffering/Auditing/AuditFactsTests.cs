using FluentAssertions;
using Pipeline.Buffering.Auditing;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering.Auditing;

public sealed class AuditFactsTests
{
    [Theory]
    [InlineData("8.10.1", "Ok", "")]
    [InlineData("6.0.20", "Wrong", "")]
    [InlineData("6.2.6", "Wrong", "#9410")]
    [InlineData("6.2.7", "Warning", "CVE-2025-49844")]
    [InlineData("6.2.20", "Ok", "")]
    [InlineData("7.0.10", "Warning", "#11973")]
    [InlineData("7.0.15", "Warning", "CVE-2025-49844")]
    [InlineData("8.0.4", "Ok", "")]
    [InlineData("8.2.1", "Warning", "CVE-2025-49844")]
    public void A_version_is_known_for_its_bugs(string version, string verdict, string bug) =>
        Snapshots.Sound.WithInfo("redis_version", version).Audit().Find("version").Should()
            .Match<AuditFinding>(f => f.Verdict == Enum.Parse<Verdict>(verdict) && f.Actual == version && f.Why.Contains(bug));

    [Theory]
    [InlineData("0", "Ok")]
    [InlineData("6380", "Warning")]
    public void A_bug_of_TLS_counts_where_TLS_is_on(string port, string verdict) =>
        Snapshots.Sound.WithInfo("redis_version", "8.2.8").With("tls-port", port).Audit().Find("version").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Fact]
    public void Of_a_fork_nothing_is_known() =>
        Snapshots.Sound.WithInfo("redis_version", "6.2.0").WithInfo("server_name", "valkey").WithInfo("valkey_version", "9.0.0").Audit().Find("version").Should()
            .Match<AuditFinding>(f => f.Verdict == Verdict.Unknown && f.Actual == "valkey 9.0.0" && !f.Fails);

    [Fact]
    public void A_replica_is_no_place_for_a_log() => Snapshots.Sound.WithInfo("role", "slave").Audit().Find("role").Verdict.Should().Be(Verdict.Wrong);

    [Theory]
    [InlineData("1600000000", "Ok")]
    [InlineData("1620000000", "Warning")]
    [InlineData("2147483648", "Wrong")]
    public void Memory_is_judged_by_the_mark_at_which_the_ingestor_pauses(string used, string verdict) =>
        Snapshots.Sound.WithInfo("used_memory", used).Audit().Find("memory-headroom").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Theory]
    [InlineData("3300000000", "Ok")]
    [InlineData("3000000000", "Warning")]
    [InlineData("2000000000", "Wrong")]
    public void The_machine_has_to_have_more_memory_than_the_limit(string total, string verdict) =>
        Snapshots.Sound.WithInfo("total_system_memory", total).Audit().Find("machine-memory").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Fact]
    public void A_server_without_a_limit_is_judged_by_the_one_it_should_have() =>
        Snapshots.Sound.WithInfo("maxmemory", "0").WithInfo("used_memory", "2000000000").Audit().Find("memory-headroom").Actual.Should().Be("93.1%");

    [Fact]
    public void Evictions_are_told() => Snapshots.Sound.WithInfo("evicted_keys", "3").Audit().Find("evicted-keys").Verdict.Should().Be(Verdict.Warning);

    [Theory]
    [InlineData("aof_last_write_status", "Wrong")]
    [InlineData("aof_last_bgrewrite_status", "Warning")]
    [InlineData("rdb_last_bgsave_status", "Ok")]
    public void A_failed_write_is_wrong_and_a_snapshot_nobody_asked_for_is_not(string field, string verdict) =>
        Snapshots.Sound.WithInfo(field, "err").Audit().Find("persistence-status").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Fact]
    public void A_failed_snapshot_that_was_asked_for_is_wrong() =>
        Snapshots.Sound.With("save", "3600 1").WithInfo("rdb_last_bgsave_status", "err").Audit().Find("persistence-status").Verdict.Should().Be(Verdict.Wrong);

    [Theory]
    [InlineData("", "no", "Wrong")]
    [InlineData("* -::*", "no", "Wrong")]
    [InlineData("127.0.0.1 10.0.0.5", "no", "Wrong")]
    [InlineData("* -::*", "yes", "Warning")]
    [InlineData("127.0.0.1 -::1", "no", "Warning")]
    public void No_password_is_wrong_only_where_others_can_reach_the_server(string bind, string protectedMode, string verdict) =>
        (Snapshots.Sound.With("bind", bind).With("protected-mode", protectedMode) with { NeedsNoPassword = true }).Audit()
            .Find("password").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Fact]
    public void No_password_is_wrong_where_it_cannot_be_read_who_reaches_the_server() =>
        (Snapshots.Sound.WithoutConfig() with { NeedsNoPassword = true }).Audit().Find("password").Verdict.Should().Be(Verdict.Wrong);

    [Fact]
    public void Before_7_0_protected_mode_does_not_protect_a_server_that_names_its_addresses() =>
        (Snapshots.Sound.With("bind", "0.0.0.0").WithInfo("redis_version", "6.2.20") with { NeedsNoPassword = true }).Audit()
            .Find("password").Verdict.Should().Be(Verdict.Wrong);

    [Fact]
    public void A_server_reached_over_the_network_without_a_password_is_wrong() =>
        (Snapshots.Sound.With("bind", "127.0.0.1") with { NeedsNoPassword = true, Loopback = false }).Audit().Find("password").Verdict.Should().Be(Verdict.Wrong);

    [Theory]
    [InlineData(false, false, "Warning")]
    [InlineData(false, true, "Ok")]
    [InlineData(true, false, "Ok")]
    public void TLS_is_advised_unless_the_connection_stays_on_the_machine(bool tls, bool loopback, string verdict) =>
        (Snapshots.Sound with { Tls = tls, Loopback = loopback }).Audit().Find("tls").Verdict.Should().Be(Enum.Parse<Verdict>(verdict));

    [Fact]
    public void A_server_that_says_nothing_is_not_passed() =>
        (Snapshots.Sound with { Info = new Dictionary<string, string>(), Config = null, ConfigRefusal = "NOPERM", NeedsNoPassword = null }).Audit().Should()
            .Match<AuditReport>(r => !r.Passed && r.Findings.All(f => f.Verdict == Verdict.Unknown || f.Setting == "tls"));
}
