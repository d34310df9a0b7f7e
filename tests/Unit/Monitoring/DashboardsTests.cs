using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>
/// What can be said about the dashboards without a Grafana. Each check is seen to fail on a dashboard that is broken for it;
/// whether the queries have data is for QueryTests to say (tests/Integration/Monitoring).
/// </summary>
public sealed class DashboardsTests
{
    private static readonly JsonSerializerOptions _layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Dictionary<string, Func<DashboardFile, IEnumerable<string>>> _checks = DashboardChecks.All.Concat(DashboardQueryChecks.All).ToDictionary();

    // By check, a change to the dashboard `pipeline` that it has to notice. The first panel is the row "Is it working?", the second "Programs".
    private static readonly Dictionary<string, Action<JsonObject>> _faults = new()
    {
        ["is known by its file's name, and not by a number"] = d => d["id"] = 7,
        ["is laid out as a serializer does it, two spaces deep"] = d => d["$tabs"] = true,
        ["has panels with ids of their own"] = d => Panel(d, 2)["id"] = 2,
        ["has panels with titles of their own"] = d => Panel(d, 2)["title"] = "Programs",
        ["describes every panel"] = d => Panel(d, 1)["description"] = "",
        ["names the datasource everywhere"] = d => Panel(d, 1)["targets"]![0]!["datasource"]!["uid"] = "${DS_PROMETHEUS}",
        ["gives every panel a unit"] = d => Panel(d, 4)["fieldConfig"]!["defaults"]!["unit"] = "none",
        ["names every line"] = d => Panel(d, 1)["targets"]![0]!["legendFormat"] = "",
        ["leaves a gap where there is no data"] = d => Panel(d, 4)["fieldConfig"]!["defaults"]!["noValue"] = "0",
        ["has no panels that overlap, and lists them as they are read"] = d => Panel(d, 2)["gridPos"]!["x"] = 3,
        ["has thresholds that rise"] = d => Panel(d, 5)["fieldConfig"]!["defaults"]!["thresholds"]!["steps"]![0]!["value"] = 9,
        ["asks for metrics that somebody serves"] = d => Query(d, """pipeline_buffer_event{job="$job"}"""),
        ["counts over a range, so that a restart is no drop"] = d => Query(d, """sum(pipeline_source_messages_received_total{job="$job"})"""),
        ["sees what was counted before the first scrape"] = d => Query(d, """sum(increase(pipeline_writer_runs_total{job="$job"}[15m]))"""),
        ["has ranges that hold several scrapes"] = d => Query(d, """rate(pipeline_source_messages_received_total{job="$job"}[15s])"""),
        ["makes no number up where there is none"] = d => Query(d, """pipeline_buffer_up{job="$job"} or vector(0)"""),
        ["defines the variables that it uses, and uses those that it defines"] = d => Query(d, """up{job="$pipeline"}"""),
        ["colours where an alert does"] = d => Panel(d, 5)["fieldConfig"]!["defaults"]!["thresholds"]!["steps"]![1]!["value"] = 3,
        ["links dashboards that exist"] = d => d["links"]![0]!["url"] = "/d/redis",
        ["links runbooks that exist"] = d => Panel(d, 1)["links"]![0]!["url"] = "${runbooks:raw}#pipelinedwn",
        ["shows what its alerts are about"] = d => Panel(d, 1).Remove("links"),
    };

    public static MatrixTheoryData<string, string> Cases => new(DashboardFile.All.Select(d => d.Name), _checks.Keys);

    public static TheoryData<string> Checks => [.. _checks.Keys];

    [Fact]
    public void There_are_two() => DashboardFile.All.Select(d => d.Name).Should().Equal("pipeline", "redis-buffer");

    [Theory, MemberData(nameof(Cases))]
    public void A_dashboard(string name, string check) => _checks[check](DashboardFile.All.Single(d => d.Name == name)).Should().BeEmpty("{0} {1}", name, check);

    [Theory, MemberData(nameof(Checks))]
    public void A_fault_is_noticed(string check)
    {
        var root = JsonNode.Parse(DashboardFile.All.Single(d => d.Name == "pipeline").Text)!.AsObject();
        _faults[check](root);
        var text = root.ToJsonString(_layout) + "\n";

        _checks[check](new DashboardFile("pipeline", root.ContainsKey("$tabs") ? text.Replace("\n  ", "\n\t") : text)).Should().NotBeEmpty();
    }

    private static JsonObject Panel(JsonObject dashboard, int at) => dashboard["panels"]![at]!.AsObject();

    private static void Query(JsonObject dashboard, string query) => Panel(dashboard, 1)["targets"]![0]!["expr"] = query;
}
