using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Bench.Peers;

/// <summary>A Jetstream message as a serialiser reads it.</summary>
internal sealed record EntryMessage(string Did, long TimeUs, EntryCommit? Commit);

internal sealed record EntryCommit(string Operation, string Rev, string Rkey, string Collection, string? Cid, EntryRecord? Record);

/// <param name="Subject">A reference for likes and reposts, a DID for follows and blocks.</param>
internal sealed record EntryRecord(
    [property: JsonPropertyName("createdAt")] string? CreatedAt, string? Text, List<string>? Langs, EntryReply? Reply, JsonElement? Facets, JsonElement? Embed,
    JsonElement? Subject, EntryReference? Via);

internal sealed record EntryReply(EntryReference? Root, EntryReference? Parent);

internal sealed record EntryReference(string? Uri, string? Cid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EntryMessage))]
internal sealed partial class EntryJson : JsonSerializerContext;
