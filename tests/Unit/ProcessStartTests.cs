using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Unit;

/// <summary>Numbers of processes are used again: one that has the number of another is not taken for it.</summary>
public sealed class ProcessStartTests
{
    [Fact]
    public void A_process_is_there_as_long_as_it_runs()
    {
        using var other = Process.Start("sleep", "600");
        var start = ProcessStart.Of(other.Id);
        start.Should().NotBeNull().And.NotBe(ProcessStart.Own);
        ProcessStart.IsRunning(other.Id, start).Should().BeTrue();

        other.Kill();
        other.WaitForExit();

        ProcessStart.IsRunning(other.Id, start).Should().BeFalse();
    }

    [Fact]
    public void Another_process_of_its_number_is_not_it() => ProcessStart.IsRunning(Environment.ProcessId, ProcessStart.Of(1)).Should().BeFalse();

    [Fact]
    public void Where_its_start_is_not_known_any_process_of_its_number_is_taken_for_it() => ProcessStart.IsRunning(1, start: null).Should().BeTrue();
}
