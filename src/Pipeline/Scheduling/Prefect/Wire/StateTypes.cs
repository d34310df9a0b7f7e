namespace Pipeline.Scheduling.Prefect.Wire;

/// <summary>Prefect's state types, as they travel.</summary>
internal static class StateTypes
{
    public const string Scheduled = "SCHEDULED";
    public const string Pending = "PENDING";
    public const string Running = "RUNNING";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
    public const string Cancelled = "CANCELLED";
    public const string Crashed = "CRASHED";
    public const string Paused = "PAUSED";
    public const string Cancelling = "CANCELLING";

    public static bool IsFinal(string? type) => type is Completed or Failed or Cancelled or Crashed;
}
