using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>
/// The monitoring files that are shipped, with shorter times: what takes minutes there takes seconds here. Nothing else is changed, and there is no
/// second copy of a rule: what fires in a test is what an operator runs. Times are those in the settings, in ranges, and the seconds that an age
/// (<c>time() - x</c>) is compared with.
/// </summary>
/// <param name="folder">Holds <c>prometheus/</c> and <c>alertmanager/</c>.</param>
public sealed partial class TestOverlay(string folder)
{
    /// <summary>
    /// Alerts that a busy machine sets off by itself, since times are short here: what measures a run against a window of seconds, and an age of hours that is seconds here.
    /// </summary>
    public static IReadOnlyList<string> SetOffByTheMachine { get; } = ["ScheduleOverlaps", "WriterSlow", "SourceReplayRunsOut"];

    /// <summary>docker/ of this repository.</summary>
    public static TestOverlay Shipped { get; } = new(Repository.File("docker"));

    /// <summary>The configuration of Prometheus and its rules, by their paths below prometheus/.</summary>
    /// <param name="targets">The addresses to scrape, by the one in the shipped file that they stand in for.</param>
    /// <exception cref="InvalidOperationException">A file is not as expected: the overlay would test something else.</exception>
    public IReadOnlyDictionary<string, string> Prometheus(IReadOnlyDictionary<string, IReadOnlyList<string>>? targets = null)
    {
        var files = Read("prometheus", "tests");
        var configuration = files["prometheus.yml"];
        foreach (var (shipped, here) in targets ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            var target = new Regex($"(['\"]?)\\b{Regex.Escape(shipped)}\\1(?=[^\\[\\n]*\\])");
            if (target.Count(configuration) != 1) throw new InvalidOperationException($"prometheus.yml should have the target {shipped} once, in a list like [{shipped}].");
            configuration = target.Replace(configuration, string.Join(", ", here.Select(a => $"\"{a}\"")));
        }

        files["prometheus.yml"] = configuration;
        return files.ToDictionary(f => f.Key, f => Shorten(f.Value));
    }

    /// <summary>The configuration of Alertmanager and its templates, by their paths below alertmanager/.</summary>
    public IReadOnlyDictionary<string, string> Alertmanager() => Read("alertmanager", "tests").ToDictionary(f => f.Key, f => Shorten(f.Value));

    /// <summary>Shortens every time in a file, by what it is for.</summary>
    private static string Shorten(string yaml)
    {
        var shorter = Setting().Replace(yaml, m => $"{m.Groups["name"].Value}{Overlaid(m.Groups["key"].Value, m.Groups["time"].Value)}");
        shorter = Age().Replace(shorter, m => ShorterAges(m.Value));
        shorter = Range().Replace(shorter, m => m.Groups["step"].Success ? $"[{Scaled(m.Groups["range"].Value, 10, 15)}:1s]" : $"[{Scaled(m.Groups["range"].Value, 10, 15)}]");
        return Offset().Replace(shorter, m => $"offset {Scaled(m.Groups["time"].Value, 5, 15)}");
    }

    private static string Overlaid(string key, string time) => key switch
    {
        // Not all alike: what follows from a cause waits longer than the cause, so that it is silenced in time.
        "for" => Scaled(time, 1, 5, by: 15),
        // Not as short: it outlasts what the repaired part needs, and that takes what it takes. A cause goes on for longer than what follows from it.
        "keep_firing_for" => Scaled(time, 8, 15, by: 6),
        // In proportion: a warning waits longer than what is critical, so that a cause can silence it in time.
        "group_wait" => Scaled(time, 1, 3, by: 10),
        "group_interval" => "2s",
        _ => "1s",
    };

    /// <summary>A fraction, but at least and at most so many seconds; 0 stays 0.</summary>
    private static string Scaled(string time, long least, long most, long by = 60)
    {
        var seconds = PromDuration.Parse(time).TotalSeconds;
        return seconds == 0 ? "0s" : FormattableString.Invariant($"{Math.Clamp((long)(seconds / by), least, most)}s");
    }

    // An expression in which an age is compared: numbers at the ends of its lines are seconds.
    private static string ShorterAges(string expression) => !expression.Contains("time()", StringComparison.Ordinal) ? expression : Seconds().Replace(
        expression, m => FormattableString.Invariant($"{Math.Clamp(int.Parse(m.Groups["number"].Value) * (m.Groups["hours"].Success ? 3600 : 1) / 6, 10, 15)}"));

    private Dictionary<string, string> Read(string part, string leftOut)
    {
        var root = Path.Combine(folder, part);
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(root, f).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllText);
        return files.Where(f => !f.Key.StartsWith(leftOut + "/", StringComparison.Ordinal)).ToDictionary();
    }

    [GeneratedRegex(
        @"^(?<name>[ ]*(?:-[ ]+)?(?<key>scrape_interval|scrape_timeout|evaluation_interval|interval|for|keep_firing_for|group_wait|group_interval):[ ]*)(?<time>[0-9][0-9a-z]*)(?=[ \r]*(?:#|$))",
        RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^(?<indent>[ ]*)expr:.*\n(?:\k<indent>[ ]+.*\n)*", RegexOptions.Multiline)]
    private static partial Regex Age();

    [GeneratedRegex(@"(?<=[<>]=?[ ])(?<number>[0-9]{2,})(?<hours>[ ]\*[ ]3600)?(?=[ \r]*$)", RegexOptions.Multiline)]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\[[ ]*(?<range>[0-9][0-9a-z]*)[ ]*(?<step>:[ ]*[0-9a-z]*[ ]*)?\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\boffset[ ]+(?<time>[0-9][0-9a-z]*)")]
    private static partial Regex Offset();
}
