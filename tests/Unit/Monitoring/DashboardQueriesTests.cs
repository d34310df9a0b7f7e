using FluentAssertions;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>No query of a dashboard escapes the test that asks them all.</summary>
public sealed class DashboardQueriesTests : IDisposable
{
    private const string Dashboard =
        """
        {
          "annotations": {"list": [{"name": "built in"}, {"name": "Starts", "expr": "changes(a[$__interval]) > 0"}]},
          "templating": {"list": [
            {"name": "job", "type": "query", "query": {"query": "label_values(up{job=~\"p.*\"}, job)"}},
            {"name": "instance", "type": "query", "query": "label_values(b{job=\"$job\"},instance)"},
            {"name": "ds", "type": "datasource", "query": "prometheus"}]},
          "panels": [
            {"title": "Text"},
            {"title": "Rate", "targets": [{"expr": "rate(c{job=\"$job\",i=~\"${instance:regex}\"}[$__rate_interval])"}, {"refId": "B"}]},
            {"title": "Row", "type": "row", "panels": [{"title": "Inner", "targets": [{"expr": "increase(d[$__range])"}]}]}]
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("dashboards-").FullName;

    [Fact]
    public void Panels_rows_variables_and_annotations_are_read()
    {
        File.WriteAllText(Path.Combine(_folder, "x.json"), Dashboard);

        DashboardQueries.In(_folder).Should().BeEquivalentTo(
        [
            new DashboardQuery("x", "Rate", """rate(c{job=~".*",i=~".*"}[10s])"""),
            new DashboardQuery("x", "Inner", "increase(d[1m])"),
            new DashboardQuery("x", "annotation Starts", "changes(a[10s]) > 0"),
            new DashboardQuery("x", "variable job", """up{job=~"p.*"}"""),
            new DashboardQuery("x", "variable instance", """b{job=~".*"}"""),
        ]);
    }

    [Fact]
    public void Without_a_folder_there_are_none() => DashboardQueries.In(Path.Combine(_folder, "none")).Should().BeEmpty();

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
