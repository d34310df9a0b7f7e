namespace Pipeline.Monitoring;

/// <summary>Looks at the lake's file system every few seconds: one that hangs, as a network's may, must not hang whoever asks.</summary>
public sealed class LakeMonitor : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly Func<LakeSpace?> _space;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private int _looking;
    private volatile Look? _last;

    public LakeMonitor(string path, TimeProvider time) : this(() => LakeSpace.Of(path), time)
    {
    }

    internal LakeMonitor(Func<LakeSpace?> space, TimeProvider time)
    {
        (_space, _time) = (space, time);
        _timer = time.CreateTimer(_ => LookNow(), null, TimeSpan.Zero, _interval);
    }

    /// <summary>The last look; null when it failed, or when it has hung since.</summary>
    public LakeSpace? Current => _last is { } last && _time.GetElapsedTime(last.Taken) < 3 * _interval ? last.Space : null;

    public void Dispose() => _timer.Dispose();

    private void LookNow()
    {
        if (Interlocked.Exchange(ref _looking, 1) != 0) return;
        var taken = _time.GetTimestamp();
        _last = new Look(_space(), taken);
        Volatile.Write(ref _looking, 0);
    }

    private sealed record Look(LakeSpace? Space, long Taken);
}
