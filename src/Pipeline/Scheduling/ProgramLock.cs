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
        var path = database.Path + ".lock";
        if (!File.Exists(path)) return false;
        try
        {
            // Only to read: whoever may do no more wants to know, too.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();
}
