namespace Pipeline.Scheduling;

/// <summary>Held by the program that uses Quartz' tables, as long as it lives: the operating system gives it back also when it is killed.</summary>
internal sealed class ProgramLock : IDisposable
{
    private readonly FileStream _file;

    private ProgramLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when another program holds it, or there is no place for it.</summary>
    public static ProgramLock? TryTake(ScheduleDatabase database)
    {
        try
        {
            return new ProgramLock(new FileStream(database.Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a program schedules from this database.</summary>
    public static bool IsHeld(ScheduleDatabase database)
    {
        if (!File.Exists(database.Path + ".lock")) return false;
        using var taken = TryTake(database);
        return taken is null;
    }

    public void Dispose() => _file.Dispose();
}
