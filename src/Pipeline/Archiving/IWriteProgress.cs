namespace Pipeline.Archiving;

/// <summary>Hears of each window while <see cref="LakeWriter"/> is at it. Called by one thread at a time; what it throws ends the writing.</summary>
public interface IWriteProgress
{
    /// <summary>A window is being read. The one before may not be committed yet.</summary>
    void WindowStarted(TimeWindow window);

    /// <summary>A window is in the lake and the log knows; it has no files when there was no event in it.</summary>
    /// <param name="duration">From the first read to the commit.</param>
    void WindowWritten(StagedWindow window, TimeSpan duration);
}
