using System.Text.Json;
using StackExchange.Redis;

namespace Pipeline.Bench.Peers;

/// <summary>
/// The usual way with Redis Streams: an entry for every event, a consumer group, an acknowledgement and a deletion for every entry. As well as
/// it can be done without more ado: commands are pipelined, the next read is under way while the last is decoded, and files are written side by side.
/// </summary>
internal sealed class EntryPeer(Workbench bench) : IPeer
{
    private const int MaxInFlight = 1000;
    private const int ReadCount = 1000;
    private const long WindowUs = 300_000_000;

    private static readonly RedisKey _stream = "peer:events";
    private static readonly RedisValue _group = "writer";
    private static readonly RedisValue _field = "event";

    public string Name => "an entry per event, consumer group";

    public async Task BufferAsync(CancellationToken cancellationToken)
    {
        await bench.Database.StreamCreateConsumerGroupAsync(_stream, _group, StreamPosition.Beginning, createStream: true);
        var inFlight = new Queue<Task>();
        for (var i = 0; i < bench.Events.Count; i++)
        {
            if (inFlight.Count == MaxInFlight) await inFlight.Dequeue();
            inFlight.Enqueue(bench.Database.StreamAddAsync(_stream, _field, bench.Events[i]));
        }

        await Task.WhenAll(inFlight);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async Task WriteAsync(string lake, CancellationToken cancellationToken)
    {
        EntryWindow? window = null;
        var next = ReadAsync();
        while (await next is { Length: > 0 } entries)
        {
            next = ReadAsync();
            foreach (var entry in entries)
            {
                var message = JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)entry[_field]).Span, EntryJson.Default.EntryMessage)!;
                if (window is null || message.TimeUs / WindowUs > window.Number)
                {
                    await CommitAsync(window, lake, cancellationToken);
                    window = new EntryWindow(message.TimeUs / WindowUs);
                }

                window.Ids.Add(entry.Id);
                if (message.Commit is not null) window.Add(message);
            }
        }

        await CommitAsync(window, lake, cancellationToken);
        var left = (Entries: await bench.Database.StreamLengthAsync(_stream), Pending: (await bench.Database.StreamPendingAsync(_stream, _group)).PendingMessageCount);
        if (left != (0, 0)) throw new InvalidOperationException($"{left.Entries} entries and {left.Pending} pending ones are left of the peer's stream.");
    }

    private Task<StreamEntry[]> ReadAsync() => bench.Database.StreamReadGroupAsync(_stream, _group, "consumer", StreamPosition.NewMessages, ReadCount);

    /// <summary>Files first, then the entries: killed in between, the group delivers them again.</summary>
    private async Task CommitAsync(EntryWindow? window, string lake, CancellationToken cancellationToken)
    {
        if (window is null) return;
        await window.WriteAsync(lake, cancellationToken);
        await Task.WhenAll(window.Ids.Chunk(ReadCount).SelectMany(
            ids => (Task[])[bench.Database.StreamAcknowledgeAsync(_stream, _group, ids), bench.Database.StreamDeleteAsync(_stream, ids)]));
    }
}
