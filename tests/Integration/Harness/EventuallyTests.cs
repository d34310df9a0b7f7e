using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Harness;

public sealed class EventuallyTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Returns_the_first_value_that_will_do()
    {
        var reads = 0;

        (await Eventually.GetAsync("three reads", () => ++reads, value => value == 3)).Should().Be(3);
    }

    [Fact]
    public async Task Reports_what_it_last_saw()
    {
        var wait = () => Eventually.GetAsync("a miracle", () => 41, value => value == 42, s_short);

        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("*a miracle; last seen: 41");
    }

    [Fact]
    public async Task Gives_up_on_a_read_that_hangs()
    {
        var wait = () => Eventually.GetAsync("an answer", () => new TaskCompletionSource<int>().Task, _ => true, s_short);

        await wait.Should().ThrowAsync<TimeoutException>();
    }

    [Fact]
    public async Task Keeps_the_error_of_a_read_that_never_worked()
    {
        var wait = () => Eventually.TrueAsync("an answer", () => throw new IOException("cable cut"), s_short);

        (await wait.Should().ThrowAsync<TimeoutException>()).WithInnerException<IOException>();
    }
}
