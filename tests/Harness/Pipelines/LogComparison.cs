using Pipeline.Buffering;
using Pipeline.Sources.Mock;
using ZstdSharp;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>Compares a whole log, record by record and byte by byte, with the mock firehose that it came from.</summary>
/// <param name="Compared">Records read from the log.</param>
/// <param name="Different">Records that are not the event that belongs there, and events that are missing.</param>
public sealed record LogComparison(long Compared, long Different)
{
    /// <summary>Every event of an archived type has to be there, in order, with its bytes.</summary>
    /// <param name="after">Where to begin in the log; null = at its beginning.</param>
    /// <param name="skip">How many of the firehose's events lie before that.</param>
    public static async Task<LogComparison> ReadAsync(
        RedisLog log, MockFirehoseOptions options, CancellationToken cancellationToken, LogEntryId? after = null, long skip = 0)
    {
        using var decompressor = new Decompressor();
        var sent = new MockFirehose(options).From(skip);
        var (compared, different) = (0L, 0L);
        await foreach (var entry in log.ReadAsync(after is { } id ? id.Next(id.Ms) : LogEntryId.Zero, new LogEntryId(long.MaxValue, long.MaxValue), 64, cancellationToken))
        {
            foreach (var record in RecordBatch.Decode(decompressor, entry.Frame.Span, entry.Count))
            {
                if (!Advance(sent, record.Bytes.Span)) different++;
                compared++;
            }
        }

        // Behind the last record there may only be what is not archived.
        while (sent.Next())
        {
            if (SentEvents.Identity(sent.Current) is not null) different++;
        }

        return new LogComparison(compared, different);
    }

    /// <summary>Goes on to the event with these bytes; what is passed by must not be of an archived type.</summary>
    private static bool Advance(MockReader sent, ReadOnlySpan<byte> record)
    {
        while (sent.Next())
        {
            if (sent.Current.SequenceEqual(record)) return true;
            if (SentEvents.Identity(sent.Current) is not null) return false;
        }

        return false;
    }
}
