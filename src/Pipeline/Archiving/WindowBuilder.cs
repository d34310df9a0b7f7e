using Pipeline.Archiving.Tables;
using Pipeline.Buffering;
using Pipeline.Events;
using ZstdSharp;

namespace Pipeline.Archiving;

/// <summary>Turns the entries of one window into files, one per table and hour of its rows.</summary>
/// <param name="recent">Where events of entries that may repeat are looked for.</param>
internal sealed class WindowBuilder(
    TimeWindow window, int? shard, long fromOffset, LakeOptions options, EventLimits limits, RecentRows? recent, TablePool pool, StagingArea staging)
    : IAsyncDisposable
{
    // Looking at all files costs more than adding an event, so it is done once for this many bytes of JSON: by bytes, since an event may
    // have a few hundred or a few million.
    private const int CheckBytes = 64 * 1024;

    private readonly Dictionary<(string Table, long Hour), TableFile> _files = [];
    private readonly EventParser _parser = new(limits with { MaxBytes = RecordBatch.MaxDecodedBytes, MaxDepth = 10_000 });
    private readonly EnvelopeExtra _extra = new();
    private readonly Decompressor _decompressor = new();
    private byte[] _decoded = [];
    private long _nextOffset = fromOffset;
    private long _lost;
    private long _repeated;
    private long _corrupt;
    private long _sinceCheck;
    private SourcePosition? _position;
    private LogEntryId? _lastId;

    /// <summary>True when every entry may repeat what the lake has, marked or not.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>The offset behind the last record that was added.</summary>
    public long NextOffset => _nextOffset;

    /// <summary>Adds one entry's records.</summary>
    public async Task AddAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        _position = entry.Position ?? _position;
        _lastId = entry.Id;

        // A truncated append-only file can bring back entries that were committed and trimmed, the last of them perhaps in part.
        if (entry.NextOffset <= _nextOffset && entry.Count > 0) return;
        if (entry.Offset > _nextOffset) _lost += entry.Offset - _nextOffset;
        var committed = (int)Math.Clamp(_nextOffset - entry.Offset, 0, Math.Max(0, entry.Count));
        _nextOffset = Math.Max(_nextOffset, entry.NextOffset);

        // A corrupt batch is one record whatever its count, and stays whole.
        var records = RecordBatch.DecodeOrQuarantine(_decompressor, entry, ref _decoded);
        if (records is [{ Reason: RejectReason.CorruptBatch }]) _corrupt += entry.Count;
        if (records.Count == entry.Count) records.RemoveRange(0, committed);
        var known = (entry.MayRepeat || MayRepeat) && recent is not null ? await recent.IdentitiesAsync(cancellationToken) : null;
        foreach (var record in records)
        {
            var file = Add(record, entry.Id, known);
            if (file is null) continue;
            if (file.Table.Rows >= options.RowGroupRows) await file.FlushAsync(cancellationToken);
            _sinceCheck += record.Bytes.Length;
            if (_sinceCheck < CheckBytes) continue;
            _sinceCheck = 0;
            await FlushFullAsync(cancellationToken);
        }
    }

    /// <summary>Completes and syncs every file; several at a time, for most of the work is encoding and compression.</summary>
    public async Task<StagedWindow> FinishAsync(CancellationToken cancellationToken)
    {
        _decoded = [];
        var staged = new List<StagedFile>();
        var largestFirst = _files.Values.OrderByDescending(f => f.Table.Bytes).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(largestFirst, parallel, async (file, token) =>
        {
            var done = await file.FinishAsync(token);
            lock (staged) staged.Add(done);
        });
        staged.Sort((a, b) => string.CompareOrdinal(a.Name.RelativePath, b.Name.RelativePath));
        return new StagedWindow(window, staged, _nextOffset, _position, _lastId, _lost, _corrupt, _repeated);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files.Values) await file.DisposeAsync();

        // The hour with the most rows keeps its table. That of a few rows from beyond the hour's edge would only grow as large in time.
        foreach (var hours in _files.Values.GroupBy(f => f.Name.Table)) pool.Return(hours.MaxBy(f => f.Rows)!.Table);
        _files.Clear();
        _decompressor.Dispose();
        NativeHeap.Trim();
    }

    /// <param name="known">Events that the lake may have already; null when there can be none.</param>
    /// <returns>The file; null when the lake has the event.</returns>
    private TableFile? Add(BatchRecord record, LogEntryId id, IReadOnlySet<UInt128>? known)
    {
        if (record.Reason is { } reason)
        {
            return AddRejected(record, reason, id);
        }

        var envelope = _parser.Parse(record.Bytes.Span, _extra);
        if (envelope is { Kind: EventKind.Archived, TimeUs: < EventLimits.MinTimeUs or > EventLimits.MaxTimeUs })
        {
            return AddRejected(record, RejectReason.TimeOutOfRange, id);
        }

        if (envelope.Kind == EventKind.Archived)
        {
            if (known is not null && known.Contains(EventIdentity.Of(envelope)))
            {
                _repeated++;
                return null;
            }

            var file = FileFor(envelope.Type, LakeFileName.HourOf(envelope.TimeUs));
            ((EventTable)file.Table).Append(envelope, _extra);
            return file;
        }

        return AddRejected(record, envelope.Kind == EventKind.Rejected ? envelope.Reason : RejectReason.UnknownShape, id);
    }

    private TableFile AddRejected(BatchRecord record, RejectReason reason, LogEntryId id)
    {
        var timeUs = id.Ms * 1000;
        var key = (LakeFileName.RejectedTable, LakeFileName.HourOf(timeUs));
        if (!_files.TryGetValue(key, out var file)) file = Open(key, new RejectedTable());
        ((RejectedTable)file.Table).Append(timeUs, reason, record.Length, record.Bytes.Span);
        return file;
    }

    private TableFile FileFor(EventType type, long hour)
    {
        var key = (type.Name(), hour);
        return _files.TryGetValue(key, out var file) ? file : Open(key, pool.Rent(type));
    }

    private TableFile Open((string Table, long Hour) key, Table table) =>
        _files[key] = new TableFile(new LakeFileName(key.Hour, key.Table, window.StartMs, shard), table, staging);

    private async Task FlushFullAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        TableFile? fullest = null;
        foreach (var file in _files.Values)
        {
            if (file.Table.Bytes >= options.RowGroupBytes) await file.FlushAsync(cancellationToken);
            total += file.Table.Bytes;
            if (fullest is null || file.Table.Bytes > fullest.Table.Bytes) fullest = file;
        }

        if (total >= options.BufferBytes) await fullest!.FlushAsync(cancellationToken);
    }
}
