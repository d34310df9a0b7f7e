using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>What has come to Slack since a moment of the test.</summary>
public sealed class Inbox(WatchedPipeline pipeline, int from)
{
    public const string Critical = "#pipeline-critical";
    public const string Warnings = "#pipeline-warnings";
    public const string Info = "#pipeline-info";

    private const string Good = "good";

    public IReadOnlyList<SlackMessage> Messages => [.. pipeline.Stack.Slack.Messages.Skip(from)];

    /// <summary>The alerts that messages were about, by their names.</summary>
    public IReadOnlyList<string> Alerts => [.. Messages.SelectMany(m => pipeline.Alerts.Where(a => IsAbout(m, a))).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Waits for the message that an alert fires.</summary>
    public Task<SlackMessage> FiringAsync(string alert, string channel) => pipeline.Stack.Slack.WaitForAsync(
        $"{alert} in {channel}", m => m.Channel == channel && m.Color != Good && IsAbout(m, alert), from);

    /// <summary>Waits for the message that an alert is over.</summary>
    public Task<SlackMessage> ResolvedAsync(string alert, string channel) => pipeline.Stack.Slack.WaitForAsync(
        $"{alert} resolved in {channel}", m => m.Channel == channel && m.Color == Good && IsAbout(m, alert), from);

    private bool IsAbout(SlackMessage message, string alert) => message.Contains(pipeline.SummaryOf(alert));
}
