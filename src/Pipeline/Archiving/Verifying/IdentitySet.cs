namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Identities and the file that each came from, 16 bytes a slot. Of an identity's 128 bits it keeps 96: among a hundred million events
/// two would meet by chance once in 10^13 runs.
/// </summary>
internal sealed class IdentitySet
{
    // Many small tables rather than a large one: they grow one at a time, so growing needs no second copy of everything.
    private const int Tables = 1024;
    private const int Smallest = 16;

    private readonly Slot[]?[] _tables = new Slot[Tables][];
    private readonly int[] _counts = new int[Tables];

    /// <summary>The file that holds the identity; null when none does.</summary>
    public int? Find(UInt128 identity)
    {
        if (_tables[TableOf(identity)] is not { } table) return null;
        ref readonly var slot = ref Probe(table, (ulong)identity, (uint)(identity >> 64));
        return slot.FileNumber == 0 ? null : slot.FileNumber - 1;
    }

    /// <summary>Adds an identity, unless it is there: then gives the file that holds it.</summary>
    public int? Add(UInt128 identity, int file)
    {
        var number = TableOf(identity);
        var table = _tables[number] ??= new Slot[Smallest];
        if (_counts[number] >= table.Length / 4 * 3) table = _tables[number] = Grow(table);
        ref var slot = ref Probe(table, (ulong)identity, (uint)(identity >> 64));
        if (slot.FileNumber != 0) return slot.FileNumber - 1;
        slot = new Slot((ulong)identity, (uint)(identity >> 64), file + 1);
        _counts[number]++;
        return null;
    }

    public void Clear()
    {
        Array.Clear(_tables);
        Array.Clear(_counts);
    }

    private static int TableOf(UInt128 identity) => (int)((ulong)identity >> 54);

    private static Slot[] Grow(Slot[] table)
    {
        var larger = new Slot[table.Length * 2];
        foreach (ref readonly var slot in table.AsSpan())
        {
            if (slot.FileNumber != 0) Probe(larger, slot.Low, slot.High) = slot;
        }

        return larger;
    }

    private static ref Slot Probe(Slot[] slots, ulong low, uint high)
    {
        var mask = slots.Length - 1;
        for (var at = (int)low & mask; ; at = (at + 1) & mask)
        {
            ref var slot = ref slots[at];
            if (slot.FileNumber == 0 || (slot.Low == low && slot.High == high)) return ref slot;
        }
    }

    /// <param name="FileNumber">The file's index + 1; 0 in an empty slot.</param>
    private readonly record struct Slot(ulong Low, uint High, int FileNumber);
}
