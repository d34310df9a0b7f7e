namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>Something a fake server does wrong, once unless <see cref="Times"/> says otherwise.</summary>
public sealed class Fault(FaultKind kind)
{
    private int _fired;

    public FaultKind Kind => kind;

    /// <summary>Which accepted connection, from 1; null = any.</summary>
    public int? Connection { get; init; }

    /// <summary>After how many messages of that connection; null = whenever <see cref="AtIndex"/> says. Default 0 when neither is set.</summary>
    public int? AfterMessages { get; init; }

    /// <summary>Before which entry of the event log; null = whenever <see cref="AfterMessages"/> says.</summary>
    public int? AtIndex { get; init; }

    /// <summary>Before the very next message, on an open connection too. Default false.</summary>
    public bool AtOnce { get; init; }

    /// <summary>Messages to repeat (<see cref="FaultKind.RepeatLast"/>).</summary>
    public int Count { get; init; } = 1;

    /// <summary>How often it fires. Default 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How often it has fired: a test that injects a fault checks that it did.</summary>
    public int Fired => Volatile.Read(ref _fired);

    internal bool TryFire(int connection, int messages, int index)
    {
        var due = (Connection is null || Connection == connection)
            && (AtOnce || (AtIndex is { } at ? at == index : messages == (AfterMessages ?? 0)))
            && (AtIndex is null || AfterMessages is null || messages == AfterMessages);
        if (!due)
            return false;
        if (Interlocked.Increment(ref _fired) <= Times)
            return true;
        Interlocked.Decrement(ref _fired);
        return false;
    }
}
