namespace Pipeline.Tests.Harness.Prefect;

/// <summary>Something that goes wrong with requests to a fake server.</summary>
/// <param name="path">Requests whose path contains this; empty for all.</param>
/// <param name="body">And whose body contains this.</param>
/// <param name="times">How often.</param>
public sealed class PrefectFault(PrefectFaultKind kind, string path, string body = "", int times = 1)
{
    private int _fired;

    public PrefectFaultKind Kind => kind;

    /// <summary>What <see cref="PrefectFaultKind.Refuse"/> answers. Default 422.</summary>
    public int Status { get; init; } = 422;

    /// <summary>How often it has fired: a test that injects a fault checks that it did.</summary>
    public int Fired => Math.Min(Volatile.Read(ref _fired), times);

    /// <summary>When it last fired.</summary>
    public DateTimeOffset FiredAt { get; private set; }

    internal bool TryFire(string requestPath, string requestBody)
    {
        if (!requestPath.Contains(path, StringComparison.Ordinal) || !requestBody.Contains(body, StringComparison.Ordinal) || Interlocked.Increment(ref _fired) > times) return false;
        FiredAt = TimeProvider.System.GetUtcNow();
        return true;
    }
}
