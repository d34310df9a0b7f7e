using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>
/// Every query of every rule and panel, put to a Prometheus that watches the pipeline at work: each series that it names exists, and it has a value
/// as soon as its conditions hold. A mistyped name, or labels that do not match, would make an alert that never fires and a panel that stays empty.
/// </summary>
[Collection(typeof(WatchedHalvesCollection))]
public sealed class QueryTests(WatchedHalves pipeline)
{
    private static readonly string _dashboards = Repository.File("docker", "grafana", "dashboards");

    [Fact]
    public async Task Every_query_of_every_rule_has_data()
    {
        await pipeline.ListenAsync();
        var rules = await Eventually.GetAsync(
            "every rule to be evaluated without an error", pipeline.Stack.Prometheus.Query.RulesAsync, all => all.Count > 0 && all.All(r => r.Health == "ok"));

        var questions = Questions(rules.Select(r => ($"rule {r.Name}", r.Query)));
        questions.Count.Should().BeGreaterThan(rules.Count);
        await AllHaveDataAsync(questions);
    }

    [Fact]
    public async Task Every_query_of_every_panel_has_data()
    {
        await pipeline.ListenAsync();
        var queries = DashboardQueries.In(_dashboards);
        queries.Should().NotBeEmpty();

        await AllHaveDataAsync(Questions(queries.Select(q => ($"{q.Dashboard}, {q.Panel}", q.Query))));
    }

    [Fact]
    public async Task Every_series_that_may_be_missing_is_one_that_somebody_asks_for()
    {
        await pipeline.ListenAsync();
        var queries = (await pipeline.Stack.Prometheus.Query.RulesAsync()).Select(r => r.Query).Concat(DashboardQueries.In(_dashboards).Select(q => q.Query)).ToList();

        MayBeEmpty.Reasons.Keys.Should().OnlyContain(name => queries.Any(q => q.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_name_that_is_mistyped_is_noticed()
    {
        await pipeline.ListenAsync();

        var empty = await EmptyAsync(Questions(
        [
            ("right", "pipeline_buffer_up == 0 unless on (job) pipeline_source_live"),
            ("name", "rate(pipeline_source_message_received_total[5s]) == 0"),
            ("label", """up{job="pipline"} == 0"""),
            ("join", "pipeline_buffer_up == 0 and on (instance) redis_up == 1"),
        ]));

        empty.Select(e => e.Where).Should().Equal("name", "name", "label", "label", "join");
    }

    /// <summary>Each series of each query, and each query as it is without conditions.</summary>
    private static IReadOnlyList<(string Where, string Query)> Questions(IEnumerable<(string Where, string Query)> queries) =>
    [
        .. queries.SelectMany(q => new PromQlText(q.Query) is var text ? text.Selectors.Append(text.Unconditional).Select(query => (q.Where, query)) : [])
            .Where(q => !MayBeEmpty.Allows(q.query)).Distinct(),
    ];

    private async Task<IReadOnlyList<(string Where, string Query)>> EmptyAsync(IReadOnlyList<(string Where, string Query)> questions)
    {
        var empty = new List<(string Where, string Query)>();
        foreach (var question in questions)
        {
            if ((await pipeline.Stack.Prometheus.Query.QueryAsync(question.Query)).Count == 0) empty.Add(question);
        }

        return empty;
    }

    // Again and again, those that had none: a range needs some scrapes before it has a value.
    private async Task AllHaveDataAsync(IReadOnlyList<(string Where, string Query)> questions)
    {
        var open = await EmptyAsync(questions);
        await Eventually.GetAsync(
            "every query to have data", async () => string.Join("\n", (open = await EmptyAsync(open)).Select(q => $"{q.Where}: {q.Query}")), empty => empty.Length == 0, Deadlines.Recovery);
    }
}
