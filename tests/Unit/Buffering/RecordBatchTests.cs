using System.Buffers;
using CsCheck;
using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Events;
using Xunit;
using ZstdSharp;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class RecordBatchTests
{
    private static readonly Gen<byte[]> _message = Gen.Frequency(
        (6, Gen.Byte.Array[0, 40]),
        (2, OddJson.OneOf((byte)'\n', (byte)'{', (byte)0, (byte)0x80).Array[0, 10]),
        (1, Gen.Int[120, 20_000].Select(n => Enumerable.Range(0, n).Select(i => (byte)(i / 7)).ToArray())));

    private static readonly Gen<(byte[] Bytes, RejectReason? Reason, long Length)> _record =
        from bytes in _message
        from reason in Gen.Frequency((4, Gen.Const((RejectReason?)null)), (1, OddJson.OneOf([.. RejectReasons.All]).Select(r => (RejectReason?)r)))
        from cut in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 1_000], Gen.Const(long.MaxValue / 2))
        select (bytes, reason, bytes.Length + (reason is null ? 0 : cut));

    private static readonly Gen<(byte[] Bytes, RejectReason? Reason, long Length)[]> _records = _record.Array[0, 30];

    [Fact]
    public void Any_messages_come_back_whole_and_in_order() => _records.Sample(
        records => Matches(Decode(Compress(records), records.Length), records), iter: 1_000);

    [Fact]
    public void Batches_decoded_into_one_buffer_after_another_are_each_as_they_were()
    {
        byte[] buffer = [];
        using var decompressor = new Decompressor();
        _records.Sample(records => Matches(RecordBatch.Decode(decompressor, Compress(records), records.Length, ref buffer), records), iter: 1_000, threads: 1);
        buffer.Should().NotBeEmpty();
    }

    [Fact]
    public void The_records_of_a_sealed_batch_are_its_own_and_gone_when_it_is_disposed()
    {
        byte[] records = [2, 0];
        var batch = new SealedBatch(records, 1, [], ms: 1);
        records[1] = 1;

        batch.Records.ToArray().Should().Equal(2, 0);
        batch.Dispose();
        batch.Dispose();
        FluentActions.Invoking(() => batch.Records.Length).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void No_frame_at_all_is_a_batch_of_none()
    {
        Decode([], 0).Should().BeEmpty();
        FluentActions.Invoking(() => Decode([], 1)).Should().Throw<CorruptBatchException>();
    }

    [Fact]
    public void A_damaged_byte_is_noticed_or_does_no_harm() => Gen.Select(_records.Where(r => r.Length > 0), Gen.Int[0, 1_000_000], Gen.Byte[1, 255]).Sample(
        (records, at, damage) =>
        {
            var frame = Compress(records);
            frame[at % frame.Length] ^= damage;
            return IsCorruptOr(() => Matches(Decode(frame, records.Length), records));
        },
        iter: 5_000);

    [Fact]
    public void Any_one_flipped_bit_of_a_batch_is_noticed_or_does_no_harm()
    {
        var records = Enumerable.Range(0, 20).Select(i => (new byte[] { (byte)'{', (byte)(i * 31), 10, 0 }, (RejectReason?)null, 4L)).ToArray();
        var frame = Compress(records);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            IsCorruptOr(() => Matches(Decode(frame, records.Length), records)).Should().BeTrue("bit {0} was flipped", bit);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_frame_cut_off_anywhere_is_corrupt()
    {
        var frame = Compress([([1, 2, 3], null, 3), (new byte[300], null, 300)]);

        for (var length = 0; length < frame.Length; length++)
        {
            FluentActions.Invoking(() => Decode(frame[..length], 2)).Should().Throw<CorruptBatchException>("only {0} bytes are left", length);
        }
    }

    [Fact]
    public void Bytes_that_never_were_a_frame_are_corrupt() => Gen.Byte.Array[1, 60].Sample(bytes => IsCorruptOr(() => Decode(bytes, 1).Count == 1), iter: 3_000);

    [Fact]
    public void Records_that_never_were_packed_are_corrupt_or_as_many_as_the_entry_says() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 5]).Sample(
        (bytes, count) => IsCorruptOr(() => Decode(Pack(bytes), count).Count == count), iter: 3_000);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Another_number_of_records_than_the_entry_says_is_corrupt(int count) =>
        FluentActions.Invoking(() => Decode(Compress([([1], null, 1), ([2], null, 1)]), count)).Should().Throw<CorruptBatchException>();

    [Fact]
    public void A_frame_that_claims_more_than_a_batch_can_hold_is_refused_before_anything_is_allocated()
    {
        // Magic, a descriptor with an 8-byte content size and a single segment, the size, then an empty last block.
        byte[] Claiming(long size) => [0x28, 0xb5, 0x2f, 0xfd, 0xe0, .. BitConverter.GetBytes(size), 1, 0, 0];
        using var decompressor = new Decompressor();
        foreach (var size in new[] { RecordBatch.MaxDecodedBytes + 1L, 1L << 40, long.MaxValue, -3 })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            FluentActions.Invoking(() => RecordBatch.Decode(decompressor, Claiming(size), 1)).Should().Throw<CorruptBatchException>();
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000_000, "the frame claims {0} bytes", size);
        }
    }

    [Fact]
    public void A_record_that_claims_to_be_longer_than_the_batch_is_corrupt()
    {
        foreach (var bytes in new byte[][] { [0xff], [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x04, 1], [0x05, 2], [0x05], [0x01, 2] })
        {
            FluentActions.Invoking(() => Decode(Pack(bytes), 1)).Should().Throw<CorruptBatchException>();
        }
    }

    [Fact]
    public void A_frame_of_a_repeated_byte_unpacks_no_further_than_it_may()
    {
        using var compressor = new Compressor(19);
        var bomb = compressor.Wrap(new byte[RecordBatch.MaxDecodedBytes + 1]).ToArray();

        FluentActions.Invoking(() => Decode(bomb, 1)).Should().Throw<CorruptBatchException>();
    }

    private static bool IsCorruptOr(Func<bool> check)
    {
        try
        {
            return check();
        }
        catch (CorruptBatchException)
        {
            return true;
        }
    }

    private static List<BatchRecord> Decode(byte[] frame, int count)
    {
        using var decompressor = new Decompressor();
        return RecordBatch.Decode(decompressor, frame, count);
    }

    private static byte[] Compress(IEnumerable<(byte[] Bytes, RejectReason? Reason, long Length)> records)
    {
        var batch = new ArrayBufferWriter<byte>();
        foreach (var (bytes, reason, length) in records) RecordBatch.Add(batch, bytes, reason, length);
        return Pack(batch.WrittenSpan);
    }

    private static byte[] Pack(ReadOnlySpan<byte> records)
    {
        using var compressor = RecordBatch.CreateCompressor();
        return RecordBatch.Compress(compressor, records);
    }

    private static bool Matches(List<BatchRecord> decoded, (byte[] Bytes, RejectReason? Reason, long Length)[] records) =>
        decoded.Count == records.Length
        && decoded.Zip(records).All(p => p.First.Bytes.Span.SequenceEqual(p.Second.Bytes) && (p.First.Reason, p.First.Length) == (p.Second.Reason, p.Second.Length));
}
