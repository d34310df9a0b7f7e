using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Monitoring.StatusPage;

/// <summary>The page's data as a server-sent event.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>JSON has no bare line breaks, so one line of data holds it all.</summary>
    public static byte[] ToEvent(StatusDocument document) => [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(document, Default.StatusDocument), .. "\n\n"u8];
}
