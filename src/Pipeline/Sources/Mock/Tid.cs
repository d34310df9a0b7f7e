namespace Pipeline.Sources.Mock;

/// <summary>A timestamp identifier: microseconds and the 10 bits of the clock that gave them, in 13 characters.</summary>
internal readonly record struct Tid(long Micros, int Clock) : IWireValue
{
    public void WriteTo(WireBuffer buffer) => Base32.Sortable.Write(buffer.Take(13), ((ulong)Micros << 10) | (uint)Clock);
}
