using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>Shows runs and the schedule to programs. The shape is promised in docs/scheduling.md: fields are added, never changed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(ScheduleDocument))]
internal sealed partial class ScheduleJson : JsonSerializerContext
{
    /// <summary>One run a line.</summary>
    public static void Print(RunRecord run) => Console.WriteLine(JsonSerializer.Serialize(Commands.RunDocument.Of(run), Default.RunDocument));

    public static void Print(ScheduleDocument schedule) => Console.WriteLine(JsonSerializer.Serialize(schedule, Default.ScheduleDocument));
}
