using System.Globalization;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>The id of a log entry, <c>ms-seq</c>: log time in milliseconds since the Unix epoch, and a number within it.</summary>
public readonly record struct LogEntryId(long Ms, long Seq) : IComparable<LogEntryId>
{
    /// <summary>Before every entry.</summary>
    public static LogEntryId Zero => default;

    /// <summary>The log's second that the id falls into.</summary>
    public long Second => Ms / 1000;

    /// <summary>The id for a batch whose first event has this time: always above this id, whatever the event's clock says.</summary>
    public LogEntryId Next(long ms) => ms > Ms ? new LogEntryId(ms, 0) : new LogEntryId(Ms, Seq + 1);

    public int CompareTo(LogEntryId other) => Ms != other.Ms ? Ms.CompareTo(other.Ms) : Seq.CompareTo(other.Seq);

    public static bool operator <(LogEntryId left, LogEntryId right) => left.CompareTo(right) < 0;

    public static bool operator >(LogEntryId left, LogEntryId right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogEntryId left, LogEntryId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogEntryId left, LogEntryId right) => left.CompareTo(right) >= 0;

    /// <exception cref="FormatException">The text is not <c>ms-seq</c>.</exception>
    public static LogEntryId Parse(RedisValue value)
    {
        var text = value.ToString();
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
                ? new LogEntryId(ms, seq)
                : throw new FormatException($"'{text}' is not a stream id; expected ms-seq.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ms}-{Seq}");
}
