namespace Pipeline.Sources.Mock;

/// <summary>What the operations of one commit have in common.</summary>
/// <param name="Time"><c>time_us</c>.</param>
internal readonly record struct MockCommit(
    long Index, MockKind Kind, string Operation, int Operations, Did Author, Tid Rev, long Time, ulong Hash)
{
    /// <summary>The key of the record that an operation creates: some milliseconds older than the rev, from the same clock.</summary>
    public Tid KeyOf(int operation) => new(Rev.Micros - (3_000 + (long)(Hash % 9 * 1_000)) + operation, Rev.Clock);

    public Cid CidOf(int operation) => new(MockRandom.Derive(Hash, (ulong)operation));
}
