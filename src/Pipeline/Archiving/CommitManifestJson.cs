using System.Text.Json.Serialization;

namespace Pipeline.Archiving;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CommitManifest))]
internal sealed partial class CommitManifestJson : JsonSerializerContext;
