using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>
/// What a program counts before Prometheus sees it for the first time increases nothing there: the series begins at its value. The panels show it
/// nevertheless, by promtool.
/// </summary>
public sealed partial class FirstScrapeTests
{
    private const string Old = "-172800";

    private static readonly IReadOnlyList<(string Panel, string Query, Match Counts)> _panels =
        [.. DashboardQueries.In(Repository.File("docker", "grafana", "dashboards")).Select(q => (q.Panel, q.Query, Late().Match(q.Query))).Where(q => q.Item3.Success)];

    [Fact]
    public Task A_counter_that_appears_with_a_value_has_counted_it() => ExpectAsync(7, begins => new($"_x{begins} 7+0x9", $"{begins * 60}", "1"));

    [Fact]
    public Task What_it_counts_from_then_on_comes_on_top() => ExpectAsync(8, begins => new($"_x{begins} 7 7 8+0x9", $"{begins * 60}", "1"));

    [Fact]
    public Task A_counter_that_was_there_all_the_time_has_counted_nothing_new() => ExpectAsync(0, begins => new($"7+0x{begins + 9}", "0", "1"));

    [Fact]
    public Task A_Prometheus_that_is_new_to_an_old_program_takes_nothing_for_new() => ExpectAsync(0, begins => new($"_x{begins} 7+0x9", Old, $"_x{begins} 1"));

    private static async Task ExpectAsync(int value, Func<int, Series> series)
    {
        _panels.Should().HaveCountGreaterThan(8);
        var folder = Directory.CreateTempSubdirectory("first-scrape-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "panels.yml"), string.Join('\n', _panels.Select(p => Test(p.Panel, p.Query, p.Counts)).Prepend("evaluation_interval: 1m\ntests:")));
            var (code, text) = await (await TestImages.PrometheusAsync()).CheckAsync(folder.FullName, "test", "rules", $"{ToolImage.Folder}/panels.yml");

            code.Should().Be(0, "{0}", text);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string Test(string panel, string query, Match counts)
        {
            // In minutes. The series has begun behind the range's beginning, and is in it for less than the shortest range.
            var begins = (int)PromDuration.Parse(counts.Groups["range"].Value).TotalMinutes + 2;
            var (counter, started, redis) = series(begins);
            return $$"""
              - name: {{JsonSerializer.Serialize(panel)}}
                interval: 1m
                input_series:
                  - {series: '{{counts.Groups["counter"].Value}}{job="j",instance="i",outcome="x",type="x",err="x"}', values: '{{counter}}'}
                  - {series: 'process_start_time_seconds{job="j",instance="i"}', values: '{{started}}+0x{{begins + 9}}'}
                  - {series: 'redis_up{job="j",instance="i"}', values: '{{redis}}+0x{{begins + 9}}'}
                promql_expr_test:
                  # Prometheus draws an increase out to the whole range.
                  - expr: {{JsonSerializer.Serialize($"round({query})")}}
                    eval_time: {{begins + 4}}m
                    exp_samples: [{labels: '{{{Labels(query)}}}', value: {{value}}}]
            """;
        }
    }

    private static string Labels(string query) => By().Match(query) is { Success: true } by ? $"{by.Groups["label"].Value}=\"x\"" : "";

    [GeneratedRegex(@"increase\((?<counter>(?:pipeline_(?:writer|schedule)_\w+|redis_errors)_total)\{[^}]*\}\[(?<range>\w+)\]")]
    private static partial Regex Late();

    [GeneratedRegex(@"by \((?<label>\w+)\)")]
    private static partial Regex By();

    private sealed record Series(string Counter, string ProgramStarted, string RedisUp);
}
