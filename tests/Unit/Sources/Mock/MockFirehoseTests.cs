using System.Buffers;
using System.IO.Hashing;
using System.Text;
using CsCheck;
using FluentAssertions;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

public sealed class MockFirehoseTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes() =>
        Gen.ULong.Sample(seed => Text(seed, 0, 200).SequenceEqual(Text(seed, 0, 200)), iter: 50);

    [Fact]
    public void Different_seeds_give_different_events() =>
        Gen.Select(Gen.ULong, Gen.ULong).Where((one, other) => one != other)
            .Sample((one, other) => !Text(one, 0, 100).Intersect(Text(other, 0, 100)).Any(), iter: 50);

    [Fact]
    public void Reading_from_any_position_continues_as_reading_from_the_start_would()
    {
        var all = Text(42, 0, 5_000);
        Gen.Int[0, 4_700].Sample(start => Text(42, start, 300).SequenceEqual(all.Skip(start).Take(300)), iter: 100);
    }

    [Fact]
    public void Any_single_event_is_the_one_read_in_order()
    {
        var all = Text(42, 0, 5_000);
        var firehose = new MockFirehose(new MockFirehoseOptions());
        Gen.Int[0, 4_999].Sample(index => Single(firehose, index) == all[index], iter: 1_000);
    }

    [Fact]
    public void Positions_years_ahead_are_reached_as_quickly_as_the_first()
    {
        const long index = 100_000_000_000;
        var firehose = new MockFirehose(new MockFirehoseOptions());

        Single(firehose, index).Should().Be(Text(42, index, 1).Single());
    }

    [Fact]
    public void These_bytes_change_only_together_with_the_version()
    {
        // Positions of earlier runs mean nothing in a changed stream: raise MockFirehose.Version when this test fails, then its hash.
        var hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\n', Text(42, 0, 10_000))));

        (MockFirehose.Version, hash.ToString("x16")).Should().Be((1, "8d78e40e23bda13b"));
    }

    [Fact]
    public void It_ends_after_the_number_of_events_asked_for()
    {
        var reader = new MockFirehose(new MockFirehoseOptions { Events = 1_000 }).From(990);
        var read = 0;
        while (reader.Next())
            read++;

        read.Should().Be(10);
        reader.Index.Should().Be(999);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var reader = new MockFirehose(new MockFirehoseOptions()).From(0);
        Read(reader, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read(reader, 100_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void A_log_rate_out_of_range_is_refused(int eventsPerSecond) =>
        FluentActions.Invoking(() => new MockFirehose(new MockFirehoseOptions { EventsPerSecond = eventsPerSecond }))
            .Should().Throw<ArgumentOutOfRangeException>();

    private static void Read(MockReader reader, int count)
    {
        for (var i = 0; i < count; i++)
            reader.Next();
    }

    private static string Single(MockFirehose firehose, long index)
    {
        var writer = new ArrayBufferWriter<byte>();
        firehose.Write(index, writer);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static List<string> Text(ulong seed, long start, int count)
    {
        var reader = new MockFirehose(new MockFirehoseOptions { Seed = seed }).From(start);
        var events = new List<string>(count);
        while (events.Count < count && reader.Next())
            events.Add(Encoding.UTF8.GetString(reader.Current));
        return events;
    }
}
