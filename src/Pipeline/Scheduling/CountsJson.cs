using System.Text.Json.Serialization;

namespace Pipeline.Scheduling;

/// <summary>Rows or bytes by table.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
internal sealed partial class CountsJson : JsonSerializerContext;
