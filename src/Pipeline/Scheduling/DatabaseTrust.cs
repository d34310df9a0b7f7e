namespace Pipeline.Scheduling;

/// <summary>
/// How far the schedule relies on its database. One that opens, and still no run comes due, whatever ails it, is not to be waited for: after some
/// failures in a row the schedule is kept in memory, and the database looked at again every minute at the latest, since it may be mended any time.
/// </summary>
internal sealed class DatabaseTrust
{
    private const int Most = 3;
    private const int MostDoublings = 2;

    private static readonly TimeSpan _short = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(15);

    private int _failures;

    /// <summary>True when it has failed since a run last came due from it.</summary>
    public bool IsDoubted => _failures > 0;

    /// <summary>True while it is left alone until <see cref="Pause"/> has passed.</summary>
    public bool IsLost => _failures >= Most;

    /// <summary>How long to wait before the database is tried again: 2 s; 15 to 60 s when it has failed again and again.</summary>
    public TimeSpan Pause => IsLost ? _long * (1 << Math.Min(_failures - Most, MostDoublings)) : _short;

    /// <summary>Notes that the database failed, or that a run did not come due from it.</summary>
    /// <returns>True when it is lost by that.</returns>
    public bool Fails() => ++_failures == Most;

    /// <summary>Notes that a run came due from it.</summary>
    public void Holds() => _failures = 0;
}
