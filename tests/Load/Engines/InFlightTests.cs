using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Load.Engines;

public sealed class InFlightTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operation_begun_after_the_end_does_not_fail()
    {
        var inFlight = new InFlight();
        await inFlight.WaitAsync(TimeSpan.FromSeconds(30), Token);

        inFlight.Begin();
        var end = inFlight.End;

        end.Should().NotThrow();
    }

    [Fact]
    public async Task An_operation_that_never_ends_is_told()
    {
        var inFlight = new InFlight();
        inFlight.Begin();

        var wait = () => inFlight.WaitAsync(TimeSpan.FromMilliseconds(1), Token);

        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("1 operations had not ended*");
    }
}
