using Microsoft.Extensions.Logging;

namespace Pipeline.Buffering;

/// <summary>Says when it is the machine's clock that is wrong and not the events: one after the other lies ahead of it, and all are rejected.</summary>
internal sealed class ClockDoubt(string source, TimeProvider time, ILogger logger)
{
    // A few absurd times among good ones are the events' own fault.
    private const int Suspicious = 20;
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private long _rejected;
    private long? _said;

    /// <summary>An event whose time is in range.</summary>
    public void InRange() => _rejected = 0;

    /// <summary>An event that is too far ahead of the clock and of the log; its time can be a date.</summary>
    public void Ahead(long timeUs)
    {
        if (++_rejected < Suspicious || (_said is { } at && time.GetElapsedTime(at) < _pause)) return;
        _said = time.GetTimestamp();
        var (event_, now) = (DateTimeOffset.UnixEpoch.AddMicroseconds(timeUs), time.GetUtcNow());
        logger.LogError(
            "The clock of this machine is wrong, or that of {Source}: it is {Now:u} here, and the last {Count:N0} events are all far ahead of that, this one ({Time:u}) by {Ahead}. " +
            "They are rejected (time_out_of_range), with their bytes in the table rejected. Set the clock, and events are archived again at once; no restart is needed.",
            source, now, _rejected, event_, Quantity.Format(event_ - now));
    }
}
