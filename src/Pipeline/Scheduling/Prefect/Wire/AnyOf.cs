using System.Text.Json.Serialization;

namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record AnyOf<T>([property: JsonPropertyName("any_")] IReadOnlyList<T> Any);
