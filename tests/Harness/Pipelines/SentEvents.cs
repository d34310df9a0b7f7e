using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Pipeline.Tests.Harness.Lake;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>The test's own record of what was sent: identities and contents of events of the five types, read without the product's code.</summary>
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

    /// <summary>A hash of everything an event says, however its JSON is spelt.</summary>
    public static UInt128 Content(ReadOnlySpan<byte> json) => Content(Encoding.UTF8.GetString(json));

    /// <inheritdoc cref="Content(ReadOnlySpan{byte})"/>
    public static UInt128 Content(string json) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(CanonicalJson.Of(json)));
}
