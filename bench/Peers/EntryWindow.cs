using System.Globalization;
using Parquet;
using Parquet.Serialization;
using Pipeline.Events;
using StackExchange.Redis;

namespace Pipeline.Bench.Peers;

/// <summary>Five minutes of rows, and the entries that they came in.</summary>
internal sealed class EntryWindow(long number)
{
    private static readonly ParquetOptions _options = new() { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = System.IO.Compression.CompressionLevel.Optimal };

    private readonly List<EntryPost> _posts = [];
    private readonly List<EntrySubject>[] _subjects = [[], []];
    private readonly List<EntryGraph>[] _graphs = [[], []];

    public long Number => number;

    public List<RedisValue> Ids { get; } = [];

    public void Add(EntryMessage message)
    {
        switch (message.Commit!.Collection)
        {
            case "app.bsky.feed.post": _posts.Add(new EntryPost(message)); break;
            case "app.bsky.feed.like": _subjects[0].Add(new EntrySubject(message)); break;
            case "app.bsky.feed.repost": _subjects[1].Add(new EntrySubject(message)); break;
            case "app.bsky.graph.follow": _graphs[0].Add(new EntryGraph(message)); break;
            case "app.bsky.graph.block": _graphs[1].Add(new EntryGraph(message)); break;
        }
    }

    /// <summary>Writes the files side by side, each under a temporary name, synced, and renamed.</summary>
    public Task WriteAsync(string lake, CancellationToken cancellationToken) => Task.WhenAll(
        WriteAsync(lake, EventType.Post, _posts, cancellationToken),
        WriteAsync(lake, EventType.Like, _subjects[0], cancellationToken), WriteAsync(lake, EventType.Repost, _subjects[1], cancellationToken),
        WriteAsync(lake, EventType.Follow, _graphs[0], cancellationToken), WriteAsync(lake, EventType.Block, _graphs[1], cancellationToken));

    private Task WriteAsync<T>(string lake, EventType type, List<T> rows, CancellationToken cancellationToken) => rows.Count == 0 ? Task.CompletedTask : Task.Run(
        async () =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(lake, $"type={type.Name()}")).FullName;
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{type.Name()}-{number}.parquet"));
            await using (var file = new FileStream(path + ".tmp", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 128 * 1024))
            {
                await ParquetSerializer.SerializeAsync(rows, file, _options, cancellationToken: cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".tmp", path);
        },
        cancellationToken);
}
