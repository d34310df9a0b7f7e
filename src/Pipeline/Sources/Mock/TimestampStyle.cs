namespace Pipeline.Sources.Mock;

/// <summary>The ways clients write a time.</summary>
internal enum TimestampStyle
{
    /// <summary><c>2026-07-04T14:00:00.123Z</c>: nearly all.</summary>
    Millis,

    /// <summary><c>2026-07-04T14:00:00.123456Z</c>.</summary>
    Micros,

    /// <summary><c>2026-07-04T14:00:00Z</c>.</summary>
    Seconds,

    /// <summary><c>2026-07-04T14:00:00+00:00</c>.</summary>
    Offset,
}
