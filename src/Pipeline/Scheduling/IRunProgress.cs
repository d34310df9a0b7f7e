namespace Pipeline.Scheduling;

/// <summary>Hears of each window of a run. Must not throw nor wait.</summary>
public interface IRunProgress
{
    /// <summary>A window is being read. The one before may not be committed yet.</summary>
    void WindowStarted(DateTimeOffset start, DateTimeOffset end);

    /// <summary>A window is in the lake; it has no files when there was no event in it.</summary>
    void WindowWritten(WindowReport window);
}
