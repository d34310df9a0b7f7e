namespace Pipeline.Sources.Mock;

/// <summary>
/// A run of events made together from one seed: small, so that any index is cheap to reach; commits do not cross its end.
/// </summary>
internal sealed class MockBlock(MockFirehoseOptions options)
{
    public const int Size = 64;

    private const int MaxEventBytes = 8 * 1024;
    private readonly WireBuffer _buffer = new(Size * MaxEventBytes);
    private readonly int[] _ends = new int[Size];
    private readonly MockRandom _random = new();
    private readonly MockCommits _commits = new(options);
    private long _number = -1;

    public ReadOnlyMemory<byte> this[int slot]
    {
        get
        {
            var start = slot == 0 ? 0 : _ends[slot - 1];
            return _buffer.Slice(start, _ends[slot] - start);
        }
    }

    public void Fill(long number)
    {
        if (number == _number)
            return;

        _number = number;
        _random.Reseed(MockRandom.Derive(MockRandom.Mix(options.Seed), (ulong)number));
        _buffer.Clear();
        for (var slot = 0; slot < Size;)
        {
            var commit = _commits.Begin((number * Size) + slot, Size - slot, _random);
            for (var operation = 0; operation < commit.Operations; operation++)
            {
                _commits.Write(commit, operation, _buffer, _random);
                _ends[slot++] = _buffer.Length;
            }
        }
    }
}
