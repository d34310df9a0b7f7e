using System.Diagnostics;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>
/// Every alert as it reads in Slack, with the values that promtool's tests give it, through the shipped templates. <c>TESTS_MESSAGES</c> writes them to a
/// file, to be read as somebody reads them who was woken at three.
/// </summary>
public sealed class MessagesTests
{
    [Fact]
    public async Task Every_alert_tells_what_where_since_when_and_where_to_go_on()
    {
        var alerts = PromisedAlert.All.Where(a => a.Name is not ("Watchdog" or "DailySummary")).ToList();
        alerts.Select(a => a.Name).Should().BeEquivalentTo(PromisedAlert.Shipped.Except(["Watchdog", "DailySummary"]));

        var text = await SlackText.RenderAsync("slack.text", "firing", alerts.Select(a => SlackText.Alert("firing", a.Labels, a.Annotations)));

        if (Environment.GetEnvironmentVariable("TESTS_MESSAGES") is { Length: > 0 } file) await File.AppendAllTextAsync(file, text + "\n", TestContext.Current.CancellationToken);
        var notes = Note.In(new SlackMessage("#pipeline", "Alertmanager", "Warning: all of them", "", text, "", "warning", "")).ToDictionary(n => n.Alert);
        foreach (var alert in alerts)
        {
            var note = notes.Should().ContainKey(alert.Name).WhoseValue;
            note.Should().Tell(@"\d", alert.Labels.GetValueOrDefault("instance") ?? alert.Labels.GetValueOrDefault("job") ?? "Prometheus");
            note.Text.Split('\n').Should().HaveCount(5, "{0} is read at a glance", note);
        }
    }

    [Fact]
    public async Task The_summary_of_a_day_is_read_as_it_is()
    {
        var summary = PromisedAlert.All.Single(a => a.Name == "DailySummary");

        var text = await SlackText.RenderAsync("slack.summary.text", "firing", [SlackText.Alert("firing", summary.Labels, summary.Annotations)]);

        text.Should().Be(
            """
            pipeline has written 37.44M rows in 24 hours.
            like: 28.8M
            post: 8.64M
            Parquet: 1.341GiB
            Runs failed: 2
            Events lost: 0
            Redis, most: 40% of maxmemory
            <http://localhost:3000/d/pipeline|Dashboard>
            """);
    }

    [Fact]
    public async Task Runbooks_become_links_with_one_command()
    {
        var folder = Directory.CreateTempSubdirectory("links-").FullName;
        try
        {
            Copy("alertmanager", "templates");
            Copy("grafana", "dashboards");
            File.Copy(Repository.File("docker", "set-links"), Path.Combine(folder, "set-links"));
            const string Address = "https://example.org/~o/r/blob/main/docs/operations.md";
            using var set = Process.Start("bash", [Path.Combine(folder, "set-links"), Address]);
            await set.WaitForExitAsync(TestContext.Current.CancellationToken);
            set.ExitCode.Should().Be(0);
            var alert = PromisedAlert.All.Single(a => a.Name == "RedisDown");

            var text = await SlackText.RenderAsync("slack.text", "firing", [SlackText.Alert("firing", alert.Labels, alert.Annotations)], Path.Combine(folder, "alertmanager", "templates"));

            text.Should().EndWith($"\n<{Address}#redisdown|Runbook> | <http://localhost:3000/d/redis-buffer|Dashboard>");
            foreach (var dashboard in Directory.EnumerateFiles(Path.Combine(folder, "grafana", "dashboards")))
                (await File.ReadAllTextAsync(dashboard, TestContext.Current.CancellationToken)).Should().Contain($"\"value\": \"{Address}\"");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Copy(params string[] part)
        {
            var target = Directory.CreateDirectory(Path.Combine([folder, .. part])).FullName;
            foreach (var file in Directory.EnumerateFiles(Repository.File(["docker", .. part]))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
