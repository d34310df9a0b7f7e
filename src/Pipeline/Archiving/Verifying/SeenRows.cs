using Pipeline.Events;

namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Finds events that the lake holds twice. It remembers the identities of one partition hour and the one before, so memory stays
/// bounded; copies of an event that lie further apart are not found. Two hosts stamp an event seconds apart, not hours.
/// </summary>
internal sealed class SeenRows
{
    private readonly Memory[] _memories = [.. EventTypes.All.Select(_ => new Memory())];

    /// <summary>Goes on to the next hour. Hours come in order.</summary>
    public void NextHour()
    {
        foreach (var memory in _memories) memory.NextHour();
    }

    /// <summary>Adds the rows of one row group, all of one type.</summary>
    /// <param name="file">The index of their file.</param>
    /// <param name="duplicate">Called with the row and the file that holds the same event.</param>
    public void Add(EventType type, ReadOnlySpan<RowIdentity> rows, int file, Action<int, int> duplicate)
    {
        var memory = _memories[(int)type];
        lock (memory)
        {
            foreach (var row in rows)
            {
                if (memory.Add(row.Identity, file) is { } other) duplicate(row.Row, other);
            }
        }
    }

    private sealed class Memory
    {
        private IdentitySet _previous = new();
        private IdentitySet _current = new();

        public void NextHour()
        {
            (_previous, _current) = (_current, _previous);
            _current.Clear();
        }

        public int? Add(UInt128 identity, int file) => _previous.Find(identity) ?? _current.Add(identity, file);
    }
}
