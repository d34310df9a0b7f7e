using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>What the templates of docker/alertmanager make of alerts, by the code that sends them.</summary>
internal static class SlackText
{
    /// <summary>The shipped templates.</summary>
    public static string Templates { get; } = Repository.File("docker", "alertmanager", "templates");

    /// <param name="template">Its name.</param>
    /// <param name="status">Of the message: <c>firing</c> or <c>resolved</c>.</param>
    /// <param name="alerts">As Alertmanager would hand them to the template.</param>
    /// <param name="templates">The folder with the templates.</param>
    public static async Task<string> RenderAsync(string template, string status, IEnumerable<JsonObject> alerts, string? templates = null)
    {
        var folder = Directory.CreateTempSubdirectory("alertmanager-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(templates ?? Templates)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            var data = new JsonObject
            {
                ["receiver"] = "slack-critical",
                ["status"] = status,
                ["alerts"] = new JsonArray([.. alerts]),
                ["groupLabels"] = new JsonObject(),
                ["commonLabels"] = new JsonObject(),
                ["commonAnnotations"] = new JsonObject(),
                ["externalURL"] = "http://localhost:9093",
            };
            await File.WriteAllTextAsync(Path.Combine(folder, "data.json"), JsonSerializer.Serialize(data), TestContext.Current.CancellationToken);
            // The checker's user is not ours.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            var image = await TestImages.AlertmanagerAsync();
            var (code, text) = await image.CheckAsync(
                folder, "template", "render", $"--template.glob={ToolImage.Folder}/*.tmpl", $"--template.data={ToolImage.Folder}/data.json", $$$"""--template.text={{ template "{{{template}}}" . }}""");
            code.Should().Be(0, "{0}", text);
            return text.Trim();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An alert that began at 14:05:06 and, if it is over, ended two minutes and ten seconds later.</summary>
    public static JsonObject Alert(string status, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations) => new()
    {
        ["status"] = status,
        ["startsAt"] = "2026-07-04T14:05:06Z",
        ["endsAt"] = "2026-07-04T14:07:16Z",
        ["generatorURL"] = "",
        ["fingerprint"] = "0",
        ["labels"] = Texts(labels),
        ["annotations"] = Texts(annotations),
    };

    private static JsonObject Texts(IReadOnlyDictionary<string, string> texts) => new(texts.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
}
