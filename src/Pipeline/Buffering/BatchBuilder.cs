using System.Buffers;
using Pipeline.Events;

namespace Pipeline.Buffering;

/// <summary>Collects one batch: its records, in arrival order, and the counters that belong to them.</summary>
public sealed class BatchBuilder
{
    private readonly ArrayBufferWriter<byte> _records = new(64 * 1024);
    private readonly Dictionary<string, long> _counters = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public int Bytes => _records.WrittenCount;

    /// <summary>True when there is nothing to append, not even a counter.</summary>
    public bool IsEmpty => Count == 0 && _counters.Count == 0;

    /// <summary>The time of the first event, in ms since the Unix epoch; null while the batch holds none with a valid time.</summary>
    public long? FirstMs { get; private set; }

    /// <summary>When the first record arrived (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long Started { get; private set; }

    public ReadOnlyMemory<byte> Records => _records.WrittenMemory;

    public IReadOnlyList<KeyValuePair<string, long>> Counters => [.. _counters];

    public void AddEvent(ReadOnlySpan<byte> message, long timeMs, string counter, long now)
    {
        FirstMs ??= timeMs;
        Add(message, null, message.Length, counter, now);
    }

    public void AddRejected(ReadOnlySpan<byte> message, RejectReason reason, long length, string counter, long now) =>
        Add(message, reason, length, counter, now);

    /// <summary>Counts something that leaves no record, such as a skipped or repeated event.</summary>
    public void Tally(string counter, long amount, long now)
    {
        if (IsEmpty) Started = now;
        Increment(counter, amount);
    }

    public void Clear()
    {
        _records.ResetWrittenCount();
        _counters.Clear();
        Count = 0;
        FirstMs = null;
    }

    private void Add(ReadOnlySpan<byte> message, RejectReason? reason, long length, string counter, long now)
    {
        if (IsEmpty) Started = now;
        RecordBatch.Add(_records, message, reason, length);
        Count++;
        Increment(counter, 1);
    }

    private void Increment(string counter, long amount)
    {
        ref var value = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counters, counter, out _);
        value += amount;
    }
}
