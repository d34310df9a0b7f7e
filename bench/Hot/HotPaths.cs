using BenchmarkDotNet.Attributes;
using Parquet;
using Pipeline.Archiving.Tables;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Sources.Mock;
using ZstdSharp;

namespace Pipeline.Bench.Hot;

/// <summary>What is done to every event on its way, piece by piece, on one thread; every figure is for one event of the mock's mix.</summary>
public class HotPaths : IDisposable
{
    private const int BatchEvents = 128;
    private const int RowGroupEvents = 16_384;

    private readonly ReadOnlyMemory<byte>[] _events = Archived(RowGroupEvents);
    private readonly EventParser _parser = new(new EventLimits());
    private readonly EnvelopeExtra _extra = new();
    private readonly EventTable[] _tables = [.. EventTypes.All.Select(EventTable.Create)];
    private readonly SeenEvents _seen = new(lookBackSeconds: 60);
    private readonly BatchBuilder _batch = new();
    private readonly Compressor _compressor = RecordBatch.CreateCompressor();
    private readonly Decompressor _decompressor = new();
    private readonly MemoryStream _file = new();
    private byte[] _frame = [];
    private byte[] _decoded = [];
    private long _second;

    [GlobalSetup(Target = nameof(DecodeBatch))]
    public void EncodeOnce()
    {
        BuildBatch();
        _frame = RecordBatch.Compress(_compressor, _batch.Records.Span);
    }

    [IterationSetup(Target = nameof(WriteParquet))]
    public void FillTables() => BuildColumns();

    [Benchmark(OperationsPerInvoke = RowGroupEvents, Description = "parse")]
    public long Parse()
    {
        var sum = 0L;
        foreach (var message in _events) sum += _parser.Parse(message.Span).TimeUs;
        return sum;
    }

    /// <summary>Its identity, and the look-back of a minute at 16,384 events a second.</summary>
    [Benchmark(OperationsPerInvoke = RowGroupEvents, Description = "parse, and recognise what comes twice")]
    public int Recognise()
    {
        _second++;
        foreach (var message in _events) _seen.Add(EventIdentity.Of(_parser.Parse(message.Span)) + (UInt128)_second, _second);
        return _seen.Count;
    }

    [Benchmark(OperationsPerInvoke = BatchEvents, Description = "batch: collect 128 events")]
    public int BuildBatch()
    {
        _batch.Clear();
        for (var i = 0; i < BatchEvents; i++) _batch.AddEvent(_events[i].Span, timeMs: 0, "appended:like", now: 0);
        return _batch.Bytes;
    }

    [Benchmark(OperationsPerInvoke = BatchEvents, Description = "batch: collect and compress")]
    public int EncodeBatch()
    {
        BuildBatch();
        return RecordBatch.Compress(_compressor, _batch.Records.Span).Length;
    }

    [Benchmark(OperationsPerInvoke = BatchEvents, Description = "batch: decompress, check and split")]
    public int DecodeBatch() => RecordBatch.Decode(_decompressor, _frame, BatchEvents, ref _decoded).Count;

    [Benchmark(OperationsPerInvoke = RowGroupEvents, Description = "parse, and build columns")]
    public void BuildColumns()
    {
        foreach (var table in _tables) table.Clear();
        foreach (var message in _events)
        {
            var envelope = _parser.Parse(message.Span, _extra);
            _tables[(int)envelope.Type].Append(envelope, _extra);
        }
    }

    [Benchmark(OperationsPerInvoke = RowGroupEvents, Description = "write columns as Parquet, zstd")]
    public async Task<long> WriteParquet()
    {
        var bytes = 0L;
        foreach (var table in _tables)
        {
            _file.SetLength(0);
            await using (var writer = await ParquetWriter.CreateAsync(table.Schema, _file, table.Options)) await table.WriteRowGroupAsync(writer, CancellationToken.None);
            bytes += _file.Length;
        }

        return bytes;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ReadOnlyMemory<byte>[] Archived(int count)
    {
        var parser = new EventParser(new EventLimits());
        var reader = new MockFirehose(new MockFirehoseOptions()).From(0);
        var events = new List<ReadOnlyMemory<byte>>(count);
        while (events.Count < count && reader.Next())
        {
            if (parser.Parse(reader.Current).Kind == EventKind.Archived) events.Add(reader.Current.ToArray());
        }

        return [.. events];
    }
}
