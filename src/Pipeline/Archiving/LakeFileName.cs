using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Events;

namespace Pipeline.Archiving;

/// <summary>
/// A file's place in the lake: <c>year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z.parquet</c>, in UTC; of several
/// shards each has its number before the extension. A compacted file is named after the first and the last of its windows:
/// <c>post-20260704T140000Z-20260704T145500Z.parquet</c>.
/// </summary>
/// <param name="Hour">The hour that the rows belong to, in hours since the Unix epoch.</param>
/// <param name="Table">post, like, repost, follow, block or rejected.</param>
/// <param name="WindowMs">The start of the window that the rows came in, in ms since the Unix epoch.</param>
/// <param name="Shard">The log's shard; null when the log has only one.</param>
/// <param name="LastWindowMs">Of a compacted file, the start of its last window; null for a file of one window.</param>
public sealed partial record LakeFileName(long Hour, string Table, long WindowMs, int? Shard, long? LastWindowMs = null)
{
    public const string RejectedTable = "rejected";

    private const string WindowFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const long HourUs = 3_600_000_000;

    /// <summary>Every table of the lake.</summary>
    public static IReadOnlyList<string> Tables { get; } = [.. EventTypes.All.Select(t => t.Name()), RejectedTable];

    /// <summary>The hour of a row, from its <c>time_us</c>.</summary>
    public static long HourOf(long timeUs) => timeUs >= 0 ? timeUs / HourUs : ((timeUs + 1) / HourUs) - 1;

    /// <summary>The path below the lake's folder, with forward slashes.</summary>
    public string RelativePath
    {
        get
        {
            var hour = DateTimeOffset.FromUnixTimeSeconds(Hour * 3600);
            var windows = LastWindowMs is { } last ? $"{Time(WindowMs)}-{Time(last)}" : Time(WindowMs);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"year={hour:yyyy}/month={hour:MM}/day={hour:dd}/hour={hour:HH}/type={Table}/{Table}-{windows}{(Shard is { } s ? $"-{s}" : "")}.parquet");
        }
    }

    /// <summary>The last window's start: the only one's, but for a compacted file.</summary>
    public long EndWindowMs => LastWindowMs ?? WindowMs;

    /// <summary>Reads a path below the lake's folder; null when it is none of ours.</summary>
    public static LakeFileName? Parse(string relativePath)
    {
        var match = Pattern().Match(relativePath.Replace('\\', '/'));
        if (!match.Success || match.Groups["table"].Value != match.Groups["name"].Value || !Tables.Contains(match.Groups["table"].Value)) return null;
        long? last = null;
        if (!TryReadTime(match.Groups["window"].Value, WindowFormat, out var window)) return null;
        if (match.Groups["last"] is { Success: true } end)
        {
            if (!TryReadTime(end.Value, WindowFormat, out var lastWindow) || lastWindow < window) return null;
            last = lastWindow.ToUnixTimeMilliseconds();
        }

        return TryReadTime($"{match.Groups["y"]}{match.Groups["m"]}{match.Groups["d"]}{match.Groups["h"]}", "yyyyMMddHH", out var hour)
            ? new LakeFileName(
                hour.ToUnixTimeSeconds() / 3600,
                match.Groups["table"].Value,
                window.ToUnixTimeMilliseconds(),
                match.Groups["shard"].Success ? int.Parse(match.Groups["shard"].ValueSpan, CultureInfo.InvariantCulture) : null,
                last)
            : null;
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString(WindowFormat, CultureInfo.InvariantCulture);

    private static bool TryReadTime(string text, string format, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    [GeneratedRegex(
        """^year=(?<y>[0-9]{4})/month=(?<m>[0-9]{2})/day=(?<d>[0-9]{2})/hour=(?<h>[0-9]{2})/type=(?<table>[a-z]+)/(?<name>[a-z]+)-(?<window>[0-9]{8}T[0-9]{6}Z)(-(?<last>[0-9]{8}T[0-9]{6}Z))?(-(?<shard>0|[1-9][0-9]{0,3}))?\.parquet\z""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
