using System.Collections.Concurrent;
using Pipeline.Archiving.Tables;
using Pipeline.Events;

namespace Pipeline.Archiving;

/// <summary>Tables to use again: their buffers grow large, and every window needs the same ones.</summary>
internal sealed class TablePool
{
    // One window is built while the one before is completed.
    private const int KeptOfEach = 2;

    private readonly ConcurrentBag<EventTable>[] _events = [.. EventTypes.All.Select(_ => new ConcurrentBag<EventTable>())];

    public EventTable Rent(EventType type) => _events[(int)type].TryTake(out var table) ? table : EventTable.Create(type);

    public void Return(Table table)
    {
        if (table is not EventTable events || _events[(int)events.Type] is not { Count: < KeptOfEach } kept) return;
        table.Clear();
        kept.Add(events);
    }
}
