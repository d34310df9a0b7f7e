using System.Text;
using FluentAssertions;
using Pipeline.Sources;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class LineReaderTests
{
    [Fact]
    public async Task A_line_of_a_gigabyte_costs_no_more_memory_than_what_is_kept_of_it()
    {
        const long length = 1L << 30;
        const int limit = 1024 * 1024;
        var served = 0L;
        var tail = new MemoryStream("\nnext\n"u8.ToArray());
        using var reader = new LineReader(Serve, limit);
        var lines = new List<(int Kept, long Length)>();

        // Every read completes at once, so all of this happens on this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        do
        {
            while (reader.TryReadLine(out var line))
                lines.Add((line.Bytes.Length, line.Length));
        }
        while (await reader.FillAsync(TestContext.Current.CancellationToken));

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeInRange(1, 8 * limit);
        lines.Should().Equal((limit, length), (4, 4));

        ValueTask<int> Serve(Memory<byte> target, CancellationToken cancellationToken)
        {
            var count = (int)Math.Min(target.Length, length - served);
            target.Span[..count].Fill((byte)'a');
            served += count;
            return ValueTask.FromResult(count > 0 ? count : tail.Read(target.Span));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Skipping_passes_exactly_the_lines_asked_for_even_when_bytes_come_one_by_one(int count)
    {
        var bytes = new MemoryStream("1\n\n3\r\n4\n5"u8.ToArray());
        using var reader = new LineReader((target, _) => ValueTask.FromResult(bytes.Read(target.Span[..1])), maxLineBytes: 4);
        var toSkip = (long)count;
        var lines = new List<string>();
        do
        {
            toSkip -= reader.Skip(toSkip);
            while (toSkip == 0 && reader.TryReadLine(out var line))
                lines.Add(Encoding.ASCII.GetString(line.Bytes.Span));
        }
        while (await reader.FillAsync(TestContext.Current.CancellationToken));

        lines.Should().Equal(new[] { "1", "", "3", "4", "5" }.Skip(count));
    }
}
