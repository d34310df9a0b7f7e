namespace Pipeline.Buffering;

/// <summary>The identities of the events of the last seconds of log time, to recognise what a source sends again.</summary>
/// <param name="lookBackSeconds">How long an identity is remembered, in seconds of log time.</param>
public sealed class SeenEvents(long lookBackSeconds)
{
    /// <summary>Most identities remembered, whatever the rate: about 60 MB.</summary>
    public const int Capacity = 1_000_000;

    private readonly HashSet<UInt128> _identities = [];
    private readonly Queue<(long Second, UInt128 Identity)> _order = new();

    public int Count => _identities.Count;

    public bool Contains(UInt128 identity) => _identities.Contains(identity);

    /// <summary>Remembers an identity; false when it was known.</summary>
    /// <param name="second">The log's second, which never goes back.</param>
    public bool Add(UInt128 identity, long second)
    {
        if (!_identities.Add(identity)) return false;
        _order.Enqueue((second, identity));
        while (_order.TryPeek(out var oldest) && (oldest.Second < second - lookBackSeconds || _order.Count > Capacity))
        {
            _order.Dequeue();
            _identities.Remove(oldest.Identity);
        }

        return true;
    }
}
