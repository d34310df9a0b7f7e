using Pipeline.Archiving.Verifying;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Sources;

namespace Pipeline.Commands.Demo;

/// <summary>
/// What a source holds, read a second time and apart from the pipeline: which events have to be in the lake, each once. Its memory
/// of repeated events is the same bounded one that the ingestor has.
/// </summary>
internal sealed class DemoLedger
{
    public LakeDigest Digest { get; } = new();

    public long Rejected { get; private set; }

    public long Total { get; private set; }

    public static async Task<DemoLedger> ReadAsync(IEventSource source, LogOptions log, EventLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var ledger = new DemoLedger();
        var parser = new EventParser(limits);
        var seen = new SeenEvents((long)log.LookBack.TotalSeconds);
        var newestMs = 0L;
        await foreach (var message in source.ReadAsync(null, cancellationToken))
        {
            ledger.Add(message, parser, seen, limits, time, ref newestMs);
        }

        return ledger;
    }

    private void Add(SourceMessage message, EventParser parser, SeenEvents seen, EventLimits limits, TimeProvider time, ref long newestMs)
    {
        Total++;
        var envelope = message.Length > message.Bytes.Length
            ? new EventEnvelope { Kind = EventKind.Rejected, Reason = RejectReason.Oversized }
            : parser.Parse(message.Bytes.Span);
        if (envelope.Kind == EventKind.Rejected)
        {
            Rejected++;
            return;
        }

        if (envelope.Kind != EventKind.Archived) return;
        var latest = Math.Max(newestMs, time.GetUtcNow().ToUnixTimeMilliseconds()) + (long)limits.MaxAhead.TotalMilliseconds;
        if (envelope.TimeUs < EventLimits.MinTimeUs || envelope.TimeUs / 1000 > latest)
        {
            Rejected++;
            return;
        }

        newestMs = Math.Max(newestMs, envelope.TimeUs / 1000);
        if (seen.Add(EventIdentity.Of(envelope), newestMs / 1000)) Digest.Add(envelope);
    }
}
