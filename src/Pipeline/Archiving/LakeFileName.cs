using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Events;

namespace Pipeline.Archiving;

/// <summary>
/// A file's place in the lake: <c>year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z.parquet</c>, in UTC; of several
/// shards each has its number before the extension.
/// </summary>
/// <param name="Hour">The hour that the rows belong to, in hours since the Unix epoch.</param>
/// <param name="Table">post, like, repost, follow, block or rejected.</param>
/// <param name="WindowMs">The start of the window that the rows came in, in ms since the Unix epoch.</param>
/// <param name="Shard">The log's shard; null when the log has only one.</param>
public sealed partial record LakeFileName(long Hour, string Table, long WindowMs, int? Shard)
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
            var window = DateTimeOffset.FromUnixTimeMilliseconds(WindowMs).ToString(WindowFormat, CultureInfo.InvariantCulture);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"year={hour:yyyy}/month={hour:MM}/day={hour:dd}/hour={hour:HH}/type={Table}/{Table}-{window}{(Shard is { } s ? $"-{s}" : "")}.parquet");
        }
    }

    /// <summary>Reads a path below the lake's folder; null when it is none of ours.</summary>
    public static LakeFileName? Parse(string relativePath)
    {
        var match = Pattern().Match(relativePath.Replace('\\', '/'));
        if (!match.Success || match.Groups["table"].Value != match.Groups["name"].Value || !Tables.Contains(match.Groups["table"].Value)) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(match.Groups["window"].Value, WindowFormat, CultureInfo.InvariantCulture, Utc, out var window)
            && DateTimeOffset.TryParseExact(
                $"{match.Groups["y"]}{match.Groups["m"]}{match.Groups["d"]}{match.Groups["h"]}", "yyyyMMddHH", CultureInfo.InvariantCulture, Utc, out var hour)
                ? new LakeFileName(
                    hour.ToUnixTimeSeconds() / 3600,
                    match.Groups["table"].Value,
                    window.ToUnixTimeMilliseconds(),
                    match.Groups["shard"].Success ? int.Parse(match.Groups["shard"].ValueSpan, CultureInfo.InvariantCulture) : null)
                : null;
    }

    [GeneratedRegex(
        """^year=(?<y>[0-9]{4})/month=(?<m>[0-9]{2})/day=(?<d>[0-9]{2})/hour=(?<h>[0-9]{2})/type=(?<table>[a-z]+)/(?<name>[a-z]+)-(?<window>[0-9]{8}T[0-9]{6}Z)(-(?<shard>0|[1-9][0-9]{0,3}))?\.parquet\z""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
