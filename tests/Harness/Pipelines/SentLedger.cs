namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>The events of the five types that a source sent, by identity, each with a hash of everything it said. Not for concurrent use.</summary>
public sealed class SentLedger
{
    private readonly Dictionary<string, UInt128> _contents = new(StringComparer.Ordinal);
    private readonly HashSet<(string Identity, UInt128 Content)> _otherContents = [];

    /// <summary>How many different events there are.</summary>
    public int Count => _contents.Count;

    public IReadOnlyCollection<string> Identities => _contents.Keys;

    public static SentLedger Of(IEnumerable<ReadOnlyMemory<byte>> messages)
    {
        var ledger = new SentLedger();
        foreach (var message in messages) ledger.Add(message.Span);
        return ledger;
    }

    /// <summary>Takes a message. An event that was sent in several versions, as hosts with different clocks do, may be archived in any of them.</summary>
    /// <returns>False when it is of no archived type.</returns>
    public bool Add(ReadOnlySpan<byte> message)
    {
        if (SentEvents.Identity(message) is not { } identity) return false;
        var content = SentEvents.Content(message);
        if (!_contents.TryAdd(identity, content) && _contents[identity] != content) _otherContents.Add((identity, content));
        return true;
    }

    public bool Contains(string identity) => _contents.ContainsKey(identity);

    /// <summary>Whether an event was sent with exactly this content.</summary>
    public bool Said(string identity, UInt128 content) =>
        _contents.TryGetValue(identity, out var sent) && (sent == content || _otherContents.Contains((identity, content)));

    /// <summary>A copy, which later messages do not change.</summary>
    public SentLedger Copy()
    {
        var copy = new SentLedger();
        foreach (var (identity, content) in _contents) copy._contents.Add(identity, content);
        copy._otherContents.UnionWith(_otherContents);
        return copy;
    }
}
