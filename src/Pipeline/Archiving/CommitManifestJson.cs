using System.Text.Json.Serialization;

namespace Pipeline.Archiving;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(CommitManifest))]
internal sealed partial class CommitManifestJson : JsonSerializerContext;
