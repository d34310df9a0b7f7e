using System.Buffers;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;

namespace Pipeline.Tests.Harness.Lake;

/// <summary>Puts windows into a lake as a writer does, without Redis, and without a manifest: as those are that are long ago.</summary>
public static class WindowFiles
{
    private const int BatchEvents = 256;

    /// <summary>Writes one window, and puts its files in their places.</summary>
    public static async Task<StagedWindow> WriteAsync(LakeOptions options, DateTimeOffset window, IEnumerable<byte[]> events, CancellationToken cancellationToken)
    {
        var layout = new LakeLayout(options.Path);
        using var staging = StagingArea.Open(layout);
        var span = TimeWindow.Containing(window.ToUnixTimeMilliseconds(), options.Window);
        await using var builder = new WindowBuilder(span, null, 0, options, new EventLimits(), null, new TablePool(), staging);
        using var compressor = RecordBatch.CreateCompressor();
        var (offset, seq) = (0L, 0L);
        foreach (var chunk in events.Chunk(BatchEvents))
        {
            var batch = new ArrayBufferWriter<byte>();
            foreach (var json in chunk) RecordBatch.Add(batch, json, null, json.Length);
            var frame = RecordBatch.Compress(compressor, batch.WrittenSpan);
            await builder.AddAsync(new LogEntry(new LogEntryId(span.StartMs, seq++), "log", offset, chunk.Length, null, false, false, frame), cancellationToken);
            offset += chunk.Length;
        }

        var staged = await builder.FinishAsync(cancellationToken);
        Publish(layout, staged);
        return staged;
    }

    /// <summary>Puts a window's files in their places.</summary>
    public static void Publish(LakeLayout layout, StagedWindow staged)
    {
        foreach (var file in staged.Files)
        {
            var path = layout.Full(file.Name.RelativePath);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(file.TemporaryPath, path, overwrite: true);
        }
    }
}
