namespace Pipeline.Scheduling;

/// <summary>Why <see cref="WindowScheduler"/> stops its clock.</summary>
internal enum ScheduleEnd
{
    /// <summary>The program ends.</summary>
    Stopped,

    /// <summary>A run was due and did not begin.</summary>
    Overdue,

    /// <summary>The database fails, or another file is in its place.</summary>
    Unusable,

    /// <summary>A database can be had again that could not before.</summary>
    Better,
}
