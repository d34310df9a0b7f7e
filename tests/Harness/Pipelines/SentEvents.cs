using System.Text.Json;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>The test's own record of what was sent: identities of events of the five types, read with System.Text.Json.</summary>
public static class SentEvents
{
    private static readonly string[] _collections =
        ["app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow", "app.bsky.graph.block"];

    /// <summary>did, collection, rkey, rev and operation of an event, joined; null when it is of no archived type.</summary>
    public static string? Identity(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (!root.TryGetProperty("commit", out var commit)) return null;
        var collection = commit.GetProperty("collection").GetString()!;
        return _collections.Contains(collection)
            ? string.Join('|', root.GetProperty("did").GetString(), collection, commit.GetProperty("rkey").GetString(), commit.GetProperty("rev").GetString(), commit.GetProperty("operation").GetString())
            : null;
    }
}
