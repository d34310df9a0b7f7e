using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Buffering.Auditing;

namespace Pipeline.Commands;

/// <summary>Shows an audit to programs. The shape is promised in docs/operations.md: fields are added, never changed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(AuditDocument))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    public static void Print(AuditProfile profile, IReadOnlyList<AuditResult> results) => Console.WriteLine(JsonSerializer.Serialize(
        new AuditDocument(profile, results.All(r => r.Report.Passed), [.. results.Select(Commands.ServerAudit.Of)]), Default.AuditDocument));
}
