using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>What has come to Slack since a moment of the test.</summary>
public sealed class Inbox(FakeSlack slack, int from)
{
    public const string Critical = "#pipeline-critical";
    public const string Warnings = "#pipeline-warnings";
    public const string Info = "#pipeline-info";

    /// <summary>What the messages say, alert by alert, in order of arrival.</summary>
    public IReadOnlyList<Note> Notes => [.. slack.Messages.Skip(from).SelectMany(Note.In)];

    /// <summary>The alerts that Slack was told fire, by their names.</summary>
    public IReadOnlyList<string> Alerts => [.. Notes.Where(n => !n.Resolved).Select(n => n.Alert).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Waits to be told that an alert fires.</summary>
    public Task<Note> FiringAsync(string alert, string channel) => WaitAsync(alert, channel, resolved: false);

    /// <summary>Waits to be told that an alert is over.</summary>
    public Task<Note> ResolvedAsync(string alert, string channel) => WaitAsync(alert, channel, resolved: true);

    private async Task<Note> WaitAsync(string alert, string channel, bool resolved)
    {
        bool IsIt(Note note) => note.Alert == alert && note.Channel == channel && note.Resolved == resolved;
        var notes = await Eventually.GetAsync(
            $"{alert} in {channel} {(resolved ? "to be over" : "to fire")}", () => new Told(Notes), told => told.Notes.Any(IsIt), Deadlines.Alert);
        return notes.Notes.First(IsIt);
    }

    private sealed record Told(IReadOnlyList<Note> Notes)
    {
        public override string ToString() => Notes.Count == 0 ? "no message" : string.Join("; ", Notes.Select(n => $"{n.Alert} in {n.Channel} {(n.Resolved ? "over" : "fires")}"));
    }
}
