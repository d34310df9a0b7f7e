using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Events;
using Xunit;
using ZstdSharp;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class BatchBuilderTests
{
    private readonly BatchBuilder _batch = new();

    [Fact]
    public void It_holds_its_records_in_arrival_order_and_counts_them()
    {
        _batch.AddEvent("a"u8, 1_000, "appended:post", now: 7);
        _batch.AddRejected("b"u8, RejectReason.Oversized, 99, "rejected:oversized", now: 8);
        _batch.Tally("skipped:identity", 1, now: 9);
        _batch.AddEvent("c"u8, 900, "appended:post", now: 10);

        (_batch.Count, _batch.IsEmpty, _batch.FirstMs, _batch.Started).Should().Be((3, false, 1_000, 7));
        _batch.Counters.Should().BeEquivalentTo(
            [KeyValuePair.Create("appended:post", 2L), KeyValuePair.Create("rejected:oversized", 1L), KeyValuePair.Create("skipped:identity", 1L)]);
        using var compressor = RecordBatch.CreateCompressor();
        using var decompressor = new Decompressor();
        RecordBatch.Decode(decompressor, RecordBatch.Compress(compressor, _batch.Records.Span), 3)
            .Select(r => (System.Text.Encoding.UTF8.GetString(r.Bytes.Span), r.Reason, r.Length))
            .Should().Equal(("a", null, 1L), ("b", RejectReason.Oversized, 99L), ("c", null, 1L));
    }

    [Fact]
    public void What_leaves_no_record_still_has_to_be_appended()
    {
        _batch.IsEmpty.Should().BeTrue();
        _batch.Tally("skipped:identity", 1, now: 5);

        (_batch.Count, _batch.Bytes, _batch.IsEmpty, _batch.FirstMs, _batch.Started).Should().Be((0, 0, false, null, 5));
    }

    [Fact]
    public void Its_time_is_that_of_the_first_event_that_has_one()
    {
        _batch.AddRejected("x"u8, RejectReason.Malformed, 1, "rejected:malformed", now: 1);
        _batch.FirstMs.Should().BeNull();
        _batch.AddEvent("a"u8, 5, "appended:post", now: 2);
        _batch.AddEvent("b"u8, 4, "appended:post", now: 3);

        (_batch.FirstMs, _batch.Started).Should().Be((5, 1));
    }

    [Fact]
    public void Cleared_it_is_as_new()
    {
        _batch.AddEvent("a"u8, 5, "appended:post", now: 2);
        _batch.Clear();

        (_batch.Count, _batch.Bytes, _batch.IsEmpty, _batch.FirstMs, _batch.Counters.Count).Should().Be((0, 0, true, null, 0));
        _batch.AddEvent("b"u8, 9, "appended:post", now: 6);
        (_batch.FirstMs, _batch.Started).Should().Be((9, 6));
    }

    [Fact]
    public void Its_counters_do_not_change_once_they_are_taken()
    {
        _batch.Tally("skipped:identity", 1, now: 5);
        var counters = _batch.Counters;
        _batch.Clear();

        counters.Should().BeEquivalentTo([KeyValuePair.Create("skipped:identity", 1L)]);
    }
}
