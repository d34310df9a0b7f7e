using System.Collections.Concurrent;
using Pipeline.Archiving.Tables;
using Pipeline.Events;

namespace Pipeline.Archiving;

/// <summary>Tables to use again: their buffers are large, and every window needs the same ones.</summary>
internal sealed class TablePool
{
    private readonly ConcurrentBag<EventTable>[] _events = [.. EventTypes.All.Select(_ => new ConcurrentBag<EventTable>())];

    public EventTable Rent(EventType type) => _events[(int)type].TryTake(out var table) ? table : EventTable.Create(type);

    public void Return(Table table)
    {
        table.Clear();
        if (table is EventTable events) _events[(int)events.Type].Add(events);
    }
}
