using System.Text.RegularExpressions;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>The part of a message to Slack that is about one alert; docker/alertmanager/templates lays it out.</summary>
/// <param name="Text">The paragraph, all lines.</param>
public sealed partial record Note(string Channel, string Color, string Title, string Alert, bool Resolved, string Text)
{
    public static IEnumerable<Note> In(SlackMessage message) => Paragraph().Matches(message.Text).Select(p => new Note(
        message.Channel, message.Color, message.Title, p.Groups["alert"].Value, p.Groups["resolved"].Success, p.Value.Trim()));

    public override string ToString() => $"{Channel} [{Color}] {Title}\n{Text}";

    // *Resolved: Redis does not answer* (RedisDown) ...
    [GeneratedRegex(@"^\*(?<resolved>Resolved: )?[^*\n]+\* \((?<alert>\w+)\)(?:\n(?!\*).*)*", RegexOptions.Multiline)]
    private static partial Regex Paragraph();
}
