using FluentAssertions;
using Pipeline.Scheduling.Prefect;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>Whose run it is, and whether he lives.</summary>
public sealed class RunOwnerTests
{
    private static readonly RunOwner _self = RunOwner.Self("lake");
    private static readonly HashSet<string> _online = ["lake", "other"];

    [Fact]
    public void An_owner_is_read_from_the_message_that_names_it()
    {
        var owner = new RunOwner("the lake's worker", "host-1", 4242, "0123456789ab") { Start = "12ab34cd.5678" };

        RunOwner.Parse(owner.ToString()).Should().Be(owner);
    }

    [Fact]
    public void One_that_does_not_say_when_its_process_began_is_read_too() =>
        RunOwner.Parse("Worker lake, process 4242 on host-1 (0123456789ab).").Should().Be(new RunOwner("lake", "host-1", 4242, "0123456789ab"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Flow run scheduled")]
    [InlineData("Worker x, process 12345678901 on host (0123456789ab).")]
    public void Any_other_message_names_none(string? message) => RunOwner.Parse(message).Should().BeNull();

    [Fact]
    public void We_ourselves_are_there() => _self.IsGone(_self, _online).Should().BeFalse();

    [Fact]
    public void Another_worker_of_this_process_is_there() => (_self with { Worker = "other" }).IsGone(_self, _online).Should().BeFalse();

    [Fact]
    public void A_process_of_our_number_from_before_is_gone() => (_self with { Incarnation = "0123456789ab" }).IsGone(_self, _online).Should().BeTrue();

    [Fact]
    public void A_process_of_this_machine_that_does_not_run_is_gone_however_lately_it_was_heard_of() =>
        (_self with { Process = 99_999_999, Incarnation = "0123456789ab" }).IsGone(_self, _online).Should().BeTrue();

    [Fact]
    public void A_process_of_this_machine_that_runs_is_there() =>
        (_self with { Process = 1, Incarnation = "0123456789ab", Start = ProcessStart.Of(1) }).IsGone(_self, _online).Should().BeFalse();

    [Fact]
    public void One_whose_number_another_process_has_now_is_gone() => (_self with { Process = 1, Incarnation = "0123456789ab" }).IsGone(_self, _online).Should().BeTrue();

    [Fact]
    public void Of_one_that_did_not_say_when_it_began_only_the_number_counts() =>
        (_self with { Process = 1, Incarnation = "0123456789ab", Start = null }).IsGone(_self, _online).Should().BeFalse();

    [Theory]
    [InlineData("other", false)]
    [InlineData("silent", true)]
    [InlineData("lake", true)]
    public void Of_another_machine_it_counts_whether_the_server_hears_of_it_and_our_own_name_is_ours(string worker, bool gone) =>
        new RunOwner(worker, "elsewhere", 1, "0123456789ab").IsGone(_self, _online).Should().Be(gone);
}
