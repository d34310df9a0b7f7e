using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Browsing;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;
using static System.FormattableString;

namespace Pipeline.Tests.EndToEnd;

/// <summary>
/// Everything at once, as it is shipped: the program as a process of its own, fed by a Jetstream server at 1,500 events a second by the clock, with
/// Redis, its exporter, Prometheus and Alertmanager in containers. One minute with windows of 10 s; E2E_MINUTES gives it more, and then the windows that are shipped.
/// </summary>
public sealed class WholeSystemTests(BrowserFixture browser)
{
    private const int PerSecond = 1500;
    private const int ShortMinutes = 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Minutes => Environment.GetEnvironmentVariable("E2E_MINUTES") switch
    {
        null or "" => ShortMinutes,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes > 0
            ? minutes
            : throw new InvalidOperationException($"E2E_MINUTES is '{text}'; use whole minutes, 1 or more."),
    };

    private static TimeSpan Window => Minutes > ShortMinutes ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Every_event_sent_ends_in_its_file_and_everything_that_watches_agrees()
    {
        await using var stack = await MonitoringStack.StartAsync();
        await using var firehose = await Firehose.StartAsync(Window);
        await using var rig = await PipelineRig.OpenAsync(
            stack.Redis.ConnectionString, r => r.With(log: r.Log with { LookBack = TimeSpan.FromSeconds(4) }, lake: r.Lake with { Window = Window }));
        using var program = Start(stack, firehose, rig);
        var page = new Uri(Invariant($"http://127.0.0.1:{stack.PipelinePorts[0]}/"));
        await stack.WaitForTargetsAsync("pipeline", "redis", "prometheus", "alertmanager");

        await using var buffer = new BufferWatch(rig.Database, rig.Logs[0]);
        await using (var status = await browser.OpenAsync())
        {
            var playing = firehose.PlayAsync(PerSecond, TimeSpan.FromMinutes(Minutes), Token);
            await status.Page.GotoAsync(page.ToString());
            await status.UntilTextAsync("#rate", text => text.Any(c => c is > '0' and <= '9'));
            await status.UntilStateAsync("well");
            await using var alerts = await AlertWatch.StartAsync(stack.Prometheus.Query, Window);
            await playing;
            await status.UntilStateAsync("well");
            status.Complaints.Should().BeEmpty();
            (await alerts.StopAsync()).Should().BeEmpty("nothing is wrong");
            alerts.Looks.Should().BeGreaterThan(10);
        }

        program.IsRunning.Should().BeTrue(program.IsRunning ? "" : await program.OutputAsync());
        var ledger = firehose.Ledger;
        await Eventually.GetAsync("every event in the log", async () => (await rig.Logs[0].ReadStateAsync()).Offset, offset => offset >= ledger.Archived, Deadlines.Recovery);
        await ExpectMetricsAsync(page, ledger);
        (await stack.Prometheus.Query.TargetsAsync()).Should().OnlyContain(t => t.Health == "up" || !_jobs.Contains(t.Job));

        // The first commit is not watched, and of a run that began early in a window the second comes after its end.
        await Eventually.TrueAsync("a watched commit", () => buffer.Count > 0, Deadlines.Recovery);
        ExpectDecreasing(await buffer.StopAsync());

        await ExpectProvokedAlertAsync(stack);

        program.Terminate();
        (await program.ExitsWithinAsync(Deadlines.CleanEnd, Token)).Should().BeTrue("nothing keeps it");
        (await program.ExitCodeAsync(Token)).Should().Be(0, await program.OutputAsync());
        await ExpectRunHistoryAsync(rig, ledger);

        // What the last, open window holds is still in the log.
        var state = await rig.Logs[0].ReadStateAsync();
        state.Offset.Should().Be(ledger.Archived);
        await rig.CloseWindowsAsync();
        await rig.DrainAsync(Token);
        await ExpectStreamTrimmedAsync(rig);
        var rows = ExpectLake(rig, ledger);
        TestContext.Current.TestOutputHelper!.WriteLine(Invariant($"{ledger.Sent:N0} messages sent, {rows:N0} rows compared, {ledger.Cells.Count} files, {firehose.Connections} connections"));
    }

    private static readonly string[] _jobs = ["pipeline", "redis", "prometheus", "alertmanager"];

    private static PipelineProgram Start(MonitoringStack stack, Firehose firehose, PipelineRig rig) => PipelineProgram.Start(
    [
        "run", "--source", "jetstream", "--jetstream-hosts", firehose.Address, "--redis", stack.Redis.ConnectionString, "--log", rig.Log.Name,
        "--lake", rig.Lake.Path, "--window", Invariant($"{Window.TotalSeconds}s"), "--look-back", "4s", "--rewind", "2s",
        "--listen", Invariant($"0.0.0.0:{stack.PipelinePorts[0]}"),
    ]);

    /// <summary>The program's own figures are those of the generator.</summary>
    private static async Task ExpectMetricsAsync(Uri program, Ledger ledger)
    {
        var metrics = await Eventually.GetAsync(
            "the program to have counted everything", () => Scrape.OfAsync(program, Token), s => s["pipeline_buffer_events_appended_total"] >= ledger.Archived);
        metrics["pipeline_buffer_events_appended_total"].Should().Be(ledger.Archived);
        metrics["pipeline_source_messages_received_total"].Should().Be(ledger.Sent);
        metrics["pipeline_source_events_skipped_total"].Should().Be(ledger.Sent - ledger.Archived);
        metrics["pipeline_source_events_repeated_total"].Should().Be(0);
        metrics["pipeline_writer_events_lost_total"].Should().Be(0);
        metrics.Series("pipeline_buffer_events_rejected_total").Values.Sum().Should().Be(0);
        metrics.Series("pipeline_writer_rows_written_total").Values.Sum().Should().BePositive().And.BeLessThanOrEqualTo(ledger.Archived);
    }

    /// <summary>Every commit makes the stream smaller, or at most as large as the batches that arrived in the same moment.</summary>
    private static void ExpectDecreasing(IReadOnlyList<(long Before, long After)> commits)
    {
        commits.Should().NotBeEmpty("something was committed");
        commits.Should().OnlyContain(c => c.After < c.Before);
    }

    /// <summary>One alert, on purpose: it has to come to Slack, and to be taken back.</summary>
    private static async Task ExpectProvokedAlertAsync(MonitoringStack stack)
    {
        await stack.Exporter.PauseAsync();
        await stack.Slack.WaitForAsync("the exporter is gone", m => m.ToString().Contains("exporter", StringComparison.OrdinalIgnoreCase), deadline: Deadlines.Alert);
        var before = stack.Slack.Messages.Count;
        await stack.Exporter.UnpauseAsync();
        await stack.Slack.WaitForAsync("the exporter is back", m => m.ToString().Contains("resolved", StringComparison.OrdinalIgnoreCase), before, Deadlines.Alert);
    }

    /// <summary>Every window but the open one was written by one run, none twice, and no run failed.</summary>
    private static async Task ExpectRunHistoryAsync(PipelineRig rig, Ledger ledger)
    {
        using var program = PipelineProgram.Start(["runs", "--json", "-n", "1000", "--lake", rig.Lake.Path]);
        (await program.ExitCodeAsync(Token)).Should().Be(0, await program.OutputAsync());
        var runs = (await program.OutputAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        runs.Should().NotBeEmpty();
        runs.Select(r => r.GetProperty("outcome").GetString()).Should().OnlyContain(o => o == "written" || o == "nothing");
        var windows = runs.SelectMany(r => r.GetProperty("windows").EnumerateArray()).Select(w => w.GetProperty("start").GetDateTimeOffset()).ToList();
        windows.Should().OnlyHaveUniqueItems();
        windows.Where(w => ledger.In(w) > 0).Should().BeEquivalentTo(ledger.Windows.Where(windows.Contains)).And.NotBeEmpty();
        windows.Count(w => ledger.In(w) > 0).Should().BeGreaterThanOrEqualTo(ledger.Windows.Count() - 1);
    }

    private static async Task ExpectStreamTrimmedAsync(PipelineRig rig)
    {
        var state = await rig.Logs[0].ReadStateAsync();
        state.CommittedOffset.Should().Be(state.Offset);
        // What stays is the look-back before the source's position, to recognise what it sends again.
        var (first, tail) = (await rig.Logs[0].ReadFirstAsync(Buffering.LogEntryId.Zero), await rig.Logs[0].ReadTailAsync());
        (tail.Position!.Value.TimeMs!.Value - first!.Id.Ms).Should().BeLessThanOrEqualTo((long)rig.Log.LookBack.TotalMilliseconds + 1000);
    }

    /// <summary>Paths, counts and content, compared with the ledger; returns the number of rows.</summary>
    private static long ExpectLake(PipelineRig rig, Ledger ledger)
    {
        using var lake = rig.Read();
        lake.Files().Should().BeEquivalentTo(ledger.Cells.Keys.Select(c => c.Path));
        var counts = ledger.Cells.ToDictionary(c => c.Key.Path, c => c.Value);
        foreach (var (path, expected) in counts) lake.Scalar<long>($"SELECT count(*) FROM read_parquet('{Path.Combine(lake.Lake, path)}')").Should().Be(expected, path);

        var rows = 0L;
        var wrong = new List<string>();
        foreach (var table in Harness.Lake.LakeReader.EventTables)
        {
            foreach (var json in lake.RestoreInSlices(table))
            {
                rows++;
                if (ledger.Take(table, json) is { } mistake) wrong.Add(mistake);
            }
        }

        wrong.Should().BeEmpty();
        ledger.Archived.Should().Be(0, "every event sent is a row");
        rows.Should().BePositive().And.Be(counts.Values.Sum());
        return rows;
    }
}
