using FluentAssertions;
using Pipeline.Buffering.Auditing;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering.Auditing;

/// <summary>Managed servers, and users without the right to read the configuration.</summary>
public sealed class AuditWithoutConfigTests
{
    private static readonly ServerSnapshot _server = Snapshots.Sound.WithoutConfig();

    [Theory]
    [InlineData("maxmemory")]
    [InlineData("maxmemory-policy")]
    [InlineData("appendonly")]
    public void What_INFO_says_is_judged(string setting) => _server.Audit().Find(setting).Verdict.Should().Be(Verdict.Ok);

    [Fact]
    public void What_INFO_does_not_say_is_unknown() =>
        _server.Audit().Find("timeout").Should().Match<AuditFinding>(f => f.Verdict == Verdict.Unknown && f.Actual == null && f.Mend!.Contains("NOPERM"));

    [Fact]
    public void Not_knowing_what_decides_over_loss_fails_the_audit() =>
        _server.Audit().Findings.Where(f => f.Fails).Select(f => f.Setting).Should().Equal("appendfsync", "no-appendfsync-on-rewrite");

    [Fact]
    public void Nothing_is_fixed_where_CONFIG_is_refused() => _server.WithInfo("aof_enabled", "0").Audit().Fixes.Should().BeEmpty();

    [Fact]
    public void A_setting_the_server_does_not_have_is_unknown()
    {
        var settings = new Dictionary<string, string>(Snapshots.Sound.Config!);
        settings.Remove("timeout");

        (Snapshots.Sound with { Config = settings }).Audit().Find("timeout").Verdict.Should().Be(Verdict.Unknown);
    }
}
