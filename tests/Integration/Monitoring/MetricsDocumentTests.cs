using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Harness.Prefect;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>docs/metrics.md lists what the program serves: all of it, and nothing else.</summary>
public sealed partial class MetricsDocumentTests(RedisFixture redis)
{
    private static readonly IReadOnlyList<Row> _rows = [.. RowPattern().Matches(File.ReadAllText(Repository.File("docs", "metrics.md"))).Select(Row.Of)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("run", "--source", "mock", "--rate", "200", "--window", "1s")]
    [InlineData("ingest", "--source", "mock", "--rate", "200")]
    [InlineData("write", "--window", "1s")]
    public async Task A_verb_serves_what_stands_there_and_nothing_else(string verb, params string[] arguments)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = PipelineProgram.StartServing([verb, .. arguments, "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--redis", redis.ConnectionString]);
        var address = await program.AddressAsync();

        var scrape = await Eventually.GetAsync("Redis and the lake were looked at", () => Scrape.OfAsync(address, Token), IsComplete);

        scrape.Metrics.Values.Select(m => Describe(m.Name, m.Type, m.Labels)).Should().BeEquivalentTo(_rows.Where(r => r.Verbs.Contains(verb)).Select(r => r.Text));
        scrape.Metrics.Values.Should().OnlyContain(m => m.Help.Length > 0);
        scrape.Metrics.Values.Where(m => m.Type == "counter").Should().OnlyContain(m => m.Name.EndsWith("_total"));
        scrape.Metrics.Values.Where(m => m.Type != "counter").Should().OnlyContain(m => !m.Name.EndsWith("_total"));
    }

    [Fact]
    public async Task A_worker_does_too()
    {
        await using var prefect = await FakePrefect.StartAsync();
        await A_verb_serves_what_stands_there_and_nothing_else("worker", "--window", "1s", "--prefect-api", prefect.Api);
    }

    [Fact]
    public void The_list_was_read() => _rows.Should().HaveCountGreaterThan(50).And.OnlyHaveUniqueItems(r => r.Name);

    private static bool IsComplete(Scrape scrape) =>
        scrape["pipeline_buffer_bytes"] is not null && (scrape["pipeline_lake_size_bytes"] is not null || !scrape.Metrics.ContainsKey("pipeline_lake_size_bytes"));

    private static string Describe(string name, string type, IEnumerable<string> labels) =>
        $"{name}{{{string.Join(',', labels.Order(StringComparer.Ordinal))}}} {type}";

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_]+)(\{(?<labels>[a-z,]+)\})?` \| (?<type>[a-z]+) \| (?<verbs>[a-z ]+) \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    private sealed record Row(string Name, string Text, IReadOnlyList<string> Verbs)
    {
        public static Row Of(Match match)
        {
            var (name, labels) = (match.Groups["name"].Value, match.Groups["labels"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries));
            return new Row(name, Describe(name, match.Groups["type"].Value, labels), match.Groups["verbs"].Value.Split(' '));
        }
    }
}
