namespace Pipeline.Events;

/// <summary>The names of <see cref="RejectReason"/> in tables and metrics.</summary>
public static class RejectReasons
{
    public static IReadOnlyList<RejectReason> All { get; } = Enum.GetValues<RejectReason>();

    public static string Name(this RejectReason reason) => reason switch
    {
        RejectReason.Malformed => "malformed",
        RejectReason.Oversized => "oversized",
        RejectReason.TooDeep => "too_deep",
        RejectReason.UnknownShape => "unknown_shape",
        RejectReason.TimeOutOfRange => "time_out_of_range",
        RejectReason.CorruptBatch => "corrupt_batch",
        _ => $"reason_{(byte)reason}",
    };
}
