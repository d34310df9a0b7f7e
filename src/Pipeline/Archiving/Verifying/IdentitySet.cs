namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Identities and the file that each came from, 16 bytes a slot. Of an identity's 128 bits it keeps 96: among a hundred million events
/// two would meet by chance once in 10^13 runs.
/// </summary>
internal sealed class IdentitySet
{
    private const int Smallest = 1024;

    private Slot[] _slots = new Slot[Smallest];
    private int _count;

    /// <summary>The file that holds the identity; null when none does.</summary>
    public int? Find(UInt128 identity)
    {
        ref readonly var slot = ref Probe(_slots, (ulong)identity, (uint)(identity >> 64));
        return slot.FileNumber == 0 ? null : slot.FileNumber - 1;
    }

    /// <summary>Adds an identity, unless it is there: then gives the file that holds it.</summary>
    public int? Add(UInt128 identity, int file)
    {
        if (_count >= _slots.Length / 4 * 3) Grow();
        ref var slot = ref Probe(_slots, (ulong)identity, (uint)(identity >> 64));
        if (slot.FileNumber != 0) return slot.FileNumber - 1;
        slot = new Slot((ulong)identity, (uint)(identity >> 64), file + 1);
        _count++;
        return null;
    }

    /// <summary>Forgets everything; keeps the memory as long as it is about what was needed.</summary>
    public void Clear()
    {
        if (_slots.Length > Smallest && _count < _slots.Length / 8) _slots = new Slot[_slots.Length / 2];
        else Array.Clear(_slots);
        _count = 0;
    }

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.FileNumber != 0) Probe(larger, slot.Low, slot.High) = slot;
        }

        _slots = larger;
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
