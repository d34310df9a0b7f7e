using System.Globalization;
using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>Whose lease is left by a process that is no more.</summary>
public sealed class WriterLeaseTests
{
    [Fact]
    public void This_process_lives() => WriterLease.IsDead(WriterLease.NewToken()).Should().BeFalse();

    [Fact]
    public void One_whose_number_another_process_has_now_is_dead() => WriterLease.IsDead(OfProcess(1, WriterLease.NewToken())).Should().BeTrue();

    [Fact]
    public void One_that_does_not_run_is_dead() => WriterLease.IsDead(OfProcess(99_999_999, WriterLease.NewToken())).Should().BeTrue();

    [Theory]
    [InlineData(1, false)]
    [InlineData(99_999_999, true)]
    public void Of_one_that_did_not_say_when_it_began_only_the_number_counts(int process, bool dead) =>
        WriterLease.IsDead($"{Environment.MachineName}|{process}|ac75fb1ed6f14cb0b1ac0f4e9e4ec2b0|48bfa7b2bb0b4a2f8b3f8f6f0f6b1d11").Should().Be(dead);

    [Fact]
    public void One_of_our_number_from_before_is_dead() =>
        WriterLease.IsDead($"{Environment.MachineName}|{Environment.ProcessId}|ac75fb1ed6f14cb0b1ac0f4e9e4ec2b0|48bfa7b2bb0b4a2f8b3f8f6f0f6b1d11").Should().BeTrue();

    [Theory]
    [InlineData("elsewhere|99999999|ac75fb1ed6f14cb0b1ac0f4e9e4ec2b0|48bfa7b2bb0b4a2f8b3f8f6f0f6b1d11")]
    [InlineData("what another program wrote")]
    public void Of_anybody_else_it_is_not_known(string holder) => WriterLease.IsDead(holder).Should().BeFalse();

    private static string OfProcess(int process, string token)
    {
        var parts = token.Split('|');
        parts[1] = process.ToString(CultureInfo.InvariantCulture);
        return string.Join('|', parts);
    }
}
