using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using ZstdSharp;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>One byte of a stored batch changes on the disk. Redis loads it without a word: it keeps no checksum.</summary>
internal sealed class BatchFlipped : Injection
{
    private DamagedBatch? _damaged;

    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.FlowsAsync(3_000);
        await run.Server.KillAsync();
        var file = await run.Server.ReadAsync();
        var (frame, at) = LastFrame(file);
        var records = Records(frame);
        var flipped = FlipUnseen(run, frame, records);
        _damaged = new DamagedBatch(frame, records.Count, [.. records.Select(r => SentEvents.Identity(r.Bytes.Span)!)]);
        await run.Server.WriteByteAsync(at + flipped, frame[flipped]);
        await run.Server.StartAsync();
        await run.FlowsAsync();
        return $"byte {flipped} of a batch of {records.Count} records";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        using var lake = run.Rig.Read();
        lake.Rows("rejected").Should().ContainSingle().Which["reason"].Should().Be("corrupt_batch");
        return Task.FromResult(produced with { Damaged = [_damaged!] });
    }

    /// <summary>Flips a bit that only a checksum can tell: without it the batch decodes, to as many records, and one of them is another.</summary>
    private static int FlipUnseen(FaultRun run, byte[] frame, List<BatchRecord> records)
    {
        const int Descriptor = 4;
        const byte HasChecksum = 0b100;
        using var decompressor = new Decompressor();
        while (true)
        {
            var at = run.Next(16, frame.Length - 4);
            frame[at] ^= 0x10;
            var bare = frame.AsSpan(0, frame.Length - ((frame[Descriptor] & HasChecksum) == 0 ? 0 : 4)).ToArray();
            bare[Descriptor] &= 0xff ^ HasChecksum;
            try
            {
                var decoded = RecordBatch.Decode(decompressor, bare, records.Count);
                if (decoded.Zip(records).Any(pair => !pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span))) return at;
            }
            catch (CorruptBatchException)
            {
                // Anybody would have noticed.
            }

            frame[at] ^= 0x10;
        }
    }

    private static List<BatchRecord> Records(byte[] frame)
    {
        using var decompressor = new Decompressor();
        var bytes = decompressor.Unwrap(frame).ToArray();
        for (var count = 1; ; count++)
        {
            try
            {
                return RecordBatch.Decode(decompressor, frame, count);
            }
            catch (CorruptBatchException) when (count < bytes.Length)
            {
            }
        }
    }

    /// <summary>The batch that was appended last: <c>$1 z $length frame</c> in Redis' protocol.</summary>
    private static (byte[] Frame, long At) LastFrame(byte[] file)
    {
        ReadOnlySpan<byte> field = "$1\r\nz\r\n$"u8;
        var start = file.AsSpan().LastIndexOf(field) + field.Length;
        var end = start + file.AsSpan(start).IndexOf((byte)'\r');
        var length = int.Parse(file.AsSpan(start, end - start), System.Globalization.CultureInfo.InvariantCulture);
        return (file.AsSpan(end + 2, length).ToArray(), end + 2);
    }
}
