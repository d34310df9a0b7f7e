using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A message as Alertmanager posts it: one attachment, whose parts stand here.</summary>
/// <param name="Channel">The one whose webhook it came to.</param>
/// <param name="Title">The line an operator reads first.</param>
/// <param name="Color"><c>danger</c>, <c>warning</c>, <c>good</c> or <c>#rrggbb</c>.</param>
/// <param name="Json">All of it, as received.</param>
public sealed record SlackMessage(string Channel, string Username, string Title, string TitleLink, string Text, string Fallback, string Color, string Json)
{
    public bool Contains(string text) => Title.Contains(text, StringComparison.Ordinal) || Text.Contains(text, StringComparison.Ordinal);

    public override string ToString() => $"{Channel} [{Color}] {Title}\n{Text}";

    /// <exception cref="JsonException">It is no message with exactly one attachment.</exception>
    internal static SlackMessage Parse(string channel, string json)
    {
        var message = JsonSerializer.Deserialize<Wire>(json) ?? throw new JsonException("null is no message.");
        if (message.Attachments is not [var a]) throw new JsonException($"A message should have one attachment, not {message.Attachments?.Count ?? 0}.");
        return new(channel, message.Username, a.Title, a.TitleLink, a.Text, a.Fallback, a.Color, json);
    }

    private sealed record Wire(
        [property: JsonPropertyName("username")] string Username,
        [property: JsonPropertyName("attachments")] IReadOnlyList<Attachment>? Attachments);

    private sealed record Attachment(
        [property: JsonPropertyName("title")] string Title,
        [property: JsonPropertyName("title_link")] string TitleLink,
        [property: JsonPropertyName("text")] string Text,
        [property: JsonPropertyName("fallback")] string Fallback,
        [property: JsonPropertyName("color")] string Color);
}
