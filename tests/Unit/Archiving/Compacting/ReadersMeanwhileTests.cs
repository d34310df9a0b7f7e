using FluentAssertions;
using Pipeline.Monitoring;
using Pipeline.Tests.Harness.Faults;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Compacting;

public sealed class ReadersMeanwhileTests : IDisposable
{
    private readonly PiecemealLake _lake = new();

    [Fact]
    public async Task Between_any_two_steps_a_reader_sees_every_row_once()
    {
        await _lake.FillAsync();
        var rows = _lake.Rows();
        var seen = new List<(string Step, bool Same)>();
        using var watch = new StepWatch(step => seen.Add((step, _lake.Rows().SequenceEqual(rows))));

        await _lake.CompactAsync();

        seen.Select(s => s.Step).Should().Contain([CompactionStep.Merged, CompactionStep.Ready, CompactionStep.Exchanged, CompactionStep.Removed]);
        seen.Should().OnlyContain(s => s.Same);
    }

    public void Dispose() => _lake.Dispose();
}
