using System.Collections.Concurrent;
using System.Text;

namespace Pipeline.Archiving.Tables;

/// <summary>
/// What is needed to hand a text column to Parquet.Net, column after column: one for each core, since more columns at a time are no faster.
/// Arrays of their own would be the larger part of the writer's garbage.
/// </summary>
internal sealed class TextScratch : IDisposable
{
    private static readonly ConcurrentBag<TextScratch> _idle = [];
    private static readonly SemaphoreSlim _free = new(Environment.ProcessorCount, Environment.ProcessorCount);

    private char[] _chars = [];
    private ReadOnlyMemory<char>[] _texts = [];
    private ReadOnlyMemory<byte>[] _values = [];

    private TextScratch()
    {
    }

    /// <summary>Waits for one that is free.</summary>
    public static async ValueTask<TextScratch> RentAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return _idle.TryTake(out var scratch) ? scratch : new TextScratch();
    }

    /// <summary>The values as they are. Good until the next call.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<byte>> Values(TextArena arena)
    {
        Grow(ref _values, arena.Count);
        arena.Slice(arena.Buffer, _values);
        return _values.AsMemory(0, arena.Count);
    }

    /// <summary>The values, all of them ASCII, as UTF-16. Good until the next call.</summary>
    public ReadOnlyMemory<ReadOnlyMemory<char>> Texts(TextArena arena)
    {
        Grow(ref _chars, arena.Length);
        Grow(ref _texts, arena.Count);
        Ascii.ToUtf16(arena.Span, _chars, out _);
        arena.Slice(_chars, _texts);
        return _texts.AsMemory(0, arena.Count);
    }

    public void Dispose()
    {
        _idle.Add(this);
        _free.Release();
    }

    // Columns of one window after another differ by little: an eighth more lasts, and twice as much is never used.
    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length) array = new T[length + (length / 8)];
    }
}
