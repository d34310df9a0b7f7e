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
    [Fact]
    public async Task Every_query_of_every_rule_has_data()
    {
        await pipeline.ListenAsync();
        var rules = await pipeline.Stack.Prometheus.Query.RulesAsync();

        var (asked, empty) = await EmptyAsync(rules.Select(r => ($"rule {r.Name}", r.Query)));

        empty.Should().BeEmpty();
        asked.Should().BeGreaterThan(rules.Count);
        rules.Should().OnlyContain(r => r.Health == "ok", "a rule that cannot be evaluated says nothing");
    }

    [Fact]
    public async Task Every_query_of_every_panel_has_data()
    {
        await pipeline.ListenAsync();
        var queries = DashboardQueries.In(Repository.File("docker", "grafana", "dashboards"));
        Assert.SkipWhen(queries.Count == 0, "There are no dashboards yet.");

        var (_, empty) = await EmptyAsync(queries.Select(q => ($"{q.Dashboard}, {q.Panel}", q.Query)));

        empty.Should().BeEmpty();
    }

    [Fact]
    public async Task A_name_that_is_mistyped_is_noticed()
    {
        await pipeline.ListenAsync();

        (string, string)[] queries =
        [
            ("name", "rate(pipeline_source_message_received_total[5s]) == 0"),
            ("label", """up{job="pipline"} == 0"""),
            ("join", "pipeline_buffer_up == 0 and on (instance) redis_up == 1"),
        ];
        var (_, empty) = await EmptyAsync(queries, TimeSpan.Zero);

        empty.Should().HaveCount(5);
    }

    private async Task<(int Asked, IReadOnlyList<string> Empty)> EmptyAsync(IEnumerable<(string Where, string Query)> queries, TimeSpan? deadline = null)
    {
        var open = queries.SelectMany(q => new PromQlText(q.Query) is var text
            ? text.Selectors.Select(s => (q.Where, Query: s)).Append((q.Where, Query: text.Unconditional)) : [])
            .Where(q => !MayBeEmpty.Allows(q.Query)).Distinct().ToList();
        var asked = open.Count;
        var last = new List<string>();
        try
        {
            // Again and again: a range needs some scrapes before it has a value.
            await Eventually.GetAsync("every query to have data", async () =>
            {
                last.Clear();
                foreach (var (where, query) in open)
                {
                    if ((await pipeline.Stack.Prometheus.Query.QueryAsync(query)).Count == 0) last.Add($"{where}: {query}");
                }

                return last.Count;
            }, left => left == 0, deadline);
        }
        catch (TimeoutException) when (last.Count > 0)
        {
            // The caller says which.
        }

        return (asked, last);
    }
}
