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
    private readonly EventLimits _limits;
    private readonly TimeProvider _time;
    private readonly EventParser _parser;
    private readonly SeenEvents _seen;
    private long _newestMs;

    private DemoLedger(LogOptions log, EventLimits limits, TimeProvider time) =>
        (_limits, _time, _parser, _seen) = (limits, time, new EventParser(limits), new SeenEvents((long)log.LookBack.TotalSeconds));

    public LakeDigest Digest { get; } = new();

    public long Rejected { get; private set; }

    public long Total { get; private set; }

    public static async Task<DemoLedger> ReadAsync(IEventSource source, LogOptions log, EventLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var ledger = new DemoLedger(log, limits, time);
        await foreach (var message in source.ReadAsync(null, cancellationToken)) ledger.Add(message);
        return ledger;
    }

    // Says once more, in its own words, what the intake does: sharing its code would make this agree with it whatever it does.
    private void Add(SourceMessage message)
    {
        Total++;
        var envelope = message.Length > message.Bytes.Length
            ? new EventEnvelope { Kind = EventKind.Rejected, Reason = RejectReason.Oversized }
            : _parser.Parse(message.Bytes.Span);
        if (envelope.Kind == EventKind.Rejected || (envelope.Kind == EventKind.Archived && IsOutOfRange(envelope.TimeUs)))
        {
            Rejected++;
            return;
        }

        if (envelope.Kind != EventKind.Archived) return;
        _newestMs = Math.Max(_newestMs, envelope.TimeUs / 1000);
        if (_seen.Add(EventIdentity.Of(envelope), _newestMs / 1000)) Digest.Add(envelope);
    }

    private bool IsOutOfRange(long timeUs)
    {
        var latest = Math.Max(_newestMs, _time.GetUtcNow().ToUnixTimeMilliseconds()) + (long)_limits.MaxAhead.TotalMilliseconds;
        return timeUs < EventLimits.MinTimeUs || timeUs / 1000 > latest;
    }
}
