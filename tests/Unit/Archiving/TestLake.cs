using System.Text;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Tests.Harness.Lake;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>A lake in a temporary folder, written by the product's window builder without Redis; gone when disposed.</summary>
internal sealed class TestLake : IDisposable
{
    /// <summary>2026-07-04T14:00:00Z.</summary>
    public const long StartMs = 1_783_173_600_000;

    private readonly StagingArea _staging;
    private readonly TablePool _pool = new();

    public TestLake()
    {
        Layout = new LakeLayout(Root);
        _staging = StagingArea.Open(Layout);
        Reader = new LakeReader(Root);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("lake-").FullName;

    public LakeLayout Layout { get; }

    public LakeReader Reader { get; }

    public LakeOptions Options { get; init; } = new();

    /// <summary>An entry of the log with these messages.</summary>
    public static LogEntry Entry(long ms, long offset, params IEnumerable<byte[]> messages)
    {
        var batch = new System.Buffers.ArrayBufferWriter<byte>();
        var count = 0;
        foreach (var message in messages)
        {
            RecordBatch.Add(batch, message, null, message.Length);
            count++;
        }

        using var compressor = RecordBatch.CreateCompressor();
        return new LogEntry(new LogEntryId(ms, 0), "log", offset, count, null, false, false, RecordBatch.Compress(compressor, batch.WrittenSpan));
    }

    public static LogEntry Entry(long ms, long offset, params IEnumerable<string> messages) =>
        Entry(ms, offset, messages.Select(Encoding.UTF8.GetBytes));

    /// <summary>Writes one window and puts its files in their places.</summary>
    public async Task<StagedWindow> WriteAsync(params LogEntry[] entries) => await WriteAsync(0, entries);

    public async Task<StagedWindow> WriteAsync(long fromOffset, params LogEntry[] entries)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var window = TimeWindow.Containing(entries[0].Id.Ms, Options.Window);
        await using var builder = new WindowBuilder(window, null, fromOffset, Options, new EventLimits(), null, _pool, _staging);
        foreach (var entry in entries) await builder.AddAsync(entry, cancelled);
        var staged = await builder.FinishAsync(cancelled);
        WindowFiles.Publish(Layout, staged);
        return staged;
    }

    public byte[] Read(string relativePath) => File.ReadAllBytes(Layout.Full(relativePath));

    public void Dispose()
    {
        Reader.Dispose();
        _staging.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
