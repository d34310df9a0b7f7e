using System.IO.Hashing;
using Microsoft.Extensions.Logging;
using Pipeline.Events;
using Pipeline.Sources;

namespace Pipeline.Buffering;

/// <summary>Takes messages one by one: parses them, drops what the log already holds, and puts the rest into their shard's open batch.</summary>
internal sealed class Intake(
    ShardIngest[] shards, SeenEvents seen, Feed feed, IngestStats stats, TimeProvider time, ILogger logger)
{
    // A source that sends nothing for less than this after a resume was quiet.
    private static readonly TimeSpan _leastGap = TimeSpan.FromMinutes(1);

    private readonly ClockDoubt _clock = new(feed.Source.Name, time, logger);
    private readonly EventParser _parser = new(feed.Limits);
    private readonly PositionFilter _filter = new();
    private long? _position = shards.Select(s => KnownPosition(s, feed.Source)).Min();
    private long? _resumedAt;

    /// <summary>Where the source resumes after what was taken.</summary>
    public SourcePosition? Position => (_filter.Position ?? _position) is { } value ? new SourcePosition(feed.Source.Name, value) : null;

    /// <summary>
    /// The earliest of the shards' positions, rewound; where positions are exact, a shard without one needs the source from its beginning.
    /// </summary>
    public long? FirstResume =>
        feed.Source.Rewind == 0 && shards.Any(s => KnownPosition(s, feed.Source) is null) ? null : _position - feed.Source.Rewind;

    /// <summary>Says where the session that begins was asked to begin.</summary>
    public void Resume(long? position) => _resumedAt = position;

    /// <summary>Takes one message, and seals the batches that it completes.</summary>
    public void Accept(SourceMessage message)
    {
        var now = time.GetTimestamp();
        stats.CountReceived(now);
        var bytes = message.Bytes.Span;
        var envelope = message.Length > bytes.Length
            ? new EventEnvelope { Kind = EventKind.Rejected, Reason = RejectReason.Oversized }
            : _parser.Parse(bytes);
        var shard = envelope.Did.IsEmpty ? shards[0] : ShardOf(envelope.Did);
        if (message.Position <= KnownPosition(shard, feed.Source))
        {
            // Another shard is further behind: this one has the message.
            _position = message.Position;
            return;
        }

        if (envelope.Kind == EventKind.Archived && IsOutOfRange(envelope.TimeUs))
        {
            (envelope.Kind, envelope.Reason) = (EventKind.Rejected, RejectReason.TimeOutOfRange);
        }

        if (envelope.Kind == EventKind.Archived)
        {
            AcceptEvent(shard, message, envelope, now);
        }
        else
        {
            _position = message.Position ?? _position;
            if (envelope.Kind == EventKind.Rejected) Reject(shard, message, envelope.Reason, now);
            else Skip(shard, LogCounters.Skipped(envelope.Kind), now);
        }

        if (shard.IsFull || shard.IsDueAt(now)) shard.Seal(Position);
    }

    private void AcceptEvent(ShardIngest shard, SourceMessage message, in EventEnvelope envelope, long now)
    {
        var timeMs = envelope.TimeUs / 1000;
        if (shard.MustSealFor(timeMs)) shard.Seal(Position);

        if (message.Position is null)
        {
            // A first event that is minutes ahead must not stand alone.
            if (_filter.Position is null && _position is { } known) _filter.Add(known);
            _filter.Add(envelope.TimeUs);
            if (_resumedAt is not null) ReportGap(shard, envelope.TimeUs, now);
        }

        _position = message.Position ?? _position;
        foreach (var other in shards)
        {
            if (other != shard && !other.HasEntries) other.Begin(timeMs, Position);
        }

        if (!seen.Add(EventIdentity.Of(envelope), SecondOf(Math.Max(timeMs, shard.LogMs))))
        {
            stats.CountDuplicate();
            shard.Open.Tally(LogCounters.SkippedDuplicate, 1, now);
            return;
        }

        if (timeMs <= shard.LostUntilMs) shard.Open.Tally(LogCounters.Refetched, 1, now);
        stats.CountAppended(envelope.Type, envelope.TimeUs);
        shard.Open.AddEvent(message.Bytes.Span, timeMs, LogCounters.Appended(envelope.Type), now);
    }

    /// <summary>A source that no longer has what it was asked for begins with what it still has: what lies between is out of reach.</summary>
    private void ReportGap(ShardIngest shard, long timeUs, long now)
    {
        var gap = TimeSpan.FromMicroseconds(timeUs - _resumedAt!.Value);
        if (gap > _leastGap + TimeSpan.FromMicroseconds(feed.Source.Rewind))
        {
            logger.LogError(
                "{Source} was asked for what follows {From:u} and began at {To:u}. Unless it was quiet, the {Gap} between cannot be had any more.",
                feed.Source.Name, DateTimeOffset.UnixEpoch.AddMicroseconds(_resumedAt.Value), DateTimeOffset.UnixEpoch.AddMicroseconds(timeUs), gap);
            shard.Open.Tally(LogCounters.GapSeconds, (long)gap.TotalSeconds, now);
            stats.CountGap(gap);
        }

        _resumedAt = null;
    }

    private void Reject(ShardIngest shard, SourceMessage message, RejectReason reason, long now)
    {
        // Oversized messages come cut to the limit from some sources and whole from others.
        var kept = message.Bytes.Span[..Math.Min(message.Bytes.Length, feed.Limits.MaxBytes)];

        // A source that is rewound sends its rubbish again, too. Where positions are exact, the same bytes twice were sent twice.
        if (feed.Source.Rewind > 0 && !seen.Add(EventIdentity.OfRejected(kept, message.Length), SecondOf(shard.LogMs)))
        {
            stats.CountDuplicate();
            shard.Open.Tally(LogCounters.SkippedDuplicate, 1, now);
            return;
        }

        stats.CountRejected(reason);
        shard.Open.AddRejected(kept, reason, message.Length, LogCounters.Rejected(reason), now);
    }

    private void Skip(ShardIngest shard, string counter, long now)
    {
        stats.CountSkipped();
        shard.Open.Tally(counter, 1, now);
    }

    private bool IsOutOfRange(long timeUs)
    {
        if (timeUs < EventLimits.MinTimeUs) return true;
        var newest = Math.Max(shards.Max(s => s.LogMs), time.GetUtcNow().ToUnixTimeMilliseconds());
        if (timeUs / 1000 <= newest + (long)feed.Limits.MaxAhead.TotalMilliseconds)
        {
            _clock.InRange();
            return false;
        }

        if (timeUs <= EventLimits.MaxTimeUs) _clock.Ahead(timeUs);
        return true;
    }

    /// <summary>The second by which an identity is forgotten.</summary>
    private long SecondOf(long logMs) => LookBack.From(logMs, Position?.TimeMs, TimeSpan.Zero) / 1000;

    private ShardIngest ShardOf(ReadOnlySpan<byte> did) =>
        shards.Length == 1 ? shards[0] : shards[XxHash32.HashToUInt32(did) % (uint)shards.Length];

    private static long? KnownPosition(ShardIngest shard, IEventSource source) =>
        shard.Tail.Position is { } position && position.Source == source.Name ? position.Value : null;
}
