using Pipeline.Events;
using Pipeline.Sources.Mock;

namespace Pipeline.Bench;

/// <summary>The first events of the mock firehose, made beforehand, so that making them is not measured.</summary>
internal sealed class EventSet
{
    private const int ChunkBytes = 16 * 1024 * 1024;

    private readonly ReadOnlyMemory<byte>[] _events;

    private EventSet(ReadOnlyMemory<byte>[] events) => _events = events;

    public int Count => _events.Length;

    public ReadOnlyMemory<byte> this[int index] => _events[index];

    public double MeanBytes => _events.Average(e => (double)e.Length);

    public static EventSet Create(int count)
    {
        var events = new ReadOnlyMemory<byte>[count];
        var reader = new MockFirehose(new MockFirehoseOptions { Events = count }).From(0);
        var (chunk, used) = (new byte[ChunkBytes], 0);
        for (var i = 0; reader.Next(); i++)
        {
            var current = reader.Current;
            if (current.Length > chunk.Length - used) (chunk, used) = (new byte[Math.Max(ChunkBytes, current.Length)], 0);
            current.CopyTo(chunk.AsSpan(used));
            events[i] = chunk.AsMemory(used, current.Length);
            used += current.Length;
        }

        return new EventSet(events);
    }

    /// <summary>Writes the events to a file, one a line, as they came.</summary>
    public void Write(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        foreach (var message in _events)
        {
            file.Write(message.Span);
            file.WriteByte((byte)'\n');
        }
    }

    /// <summary>Writes the events that the lake holds, one a line; returns how many they are.</summary>
    public int WriteArchived(string path)
    {
        var parser = new EventParser(new EventLimits());
        var archived = 0;
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        foreach (var message in _events)
        {
            if (parser.Parse(message.Span).Kind != EventKind.Archived) continue;
            file.Write(message.Span);
            file.WriteByte((byte)'\n');
            archived++;
        }

        return archived;
    }
}
