using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Load.Reports;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(0, 2, 2, 2, 2)]
    [InlineData(1, 5, 2, 2, 2)]
    [InlineData(3, 2, 2, 5, 2)]
    [InlineData(4, 2, 2, 2, 5)]
    [InlineData(2, 2, 0, 2, 2)] // nothing ended in that second
    [InlineData(4, 2, 2, 2, 0)]
    public void A_second_counts_as_recovered_when_its_median_is_usual_and_so_are_all_after_it(int recovered, params int[] afterMs)
    {
        int[] medians = [1, 1, 1, 40, 40, .. afterMs];

        Recovery.SecondsAfter([.. medians.Select(Of)], before: 3, spike: 2).Should().Be(recovered);
    }

    private static Second Of(int medianMs, int number) => new(number, medianMs == 0 ? 0 : 100, 0, new Latency(medianMs, 0, 0, 0, 0, 0));
}
