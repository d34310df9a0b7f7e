using Microsoft.Data.Sqlite;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>The schedule's database, for the verbs that look at it or change it.</summary>
internal static class ScheduleFile
{
    /// <summary>What tells where it is.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [Commands.Settings.Lake, Commands.Settings.ScheduleDb];

    /// <summary>Opens it; null when there is none.</summary>
    public static ScheduleDatabase? Find(VerbContext context) => ScheduleDatabase.OpenExisting(PathOf(context));

    /// <summary>The same for a verb that only looks.</summary>
    public static ScheduleDatabase? FindToRead(VerbContext context) => ScheduleDatabase.OpenToRead(PathOf(context));

    /// <summary>Opens it to change it, or makes it in a lake that is there.</summary>
    /// <exception cref="EnvironmentException">There is no lake.</exception>
    /// <exception cref="ScheduleException">It cannot be written.</exception>
    public static ScheduleDatabase Open(VerbContext context)
    {
        var path = PathOf(context);
        if (Find(context) is { } found) return Writable(found);
        if (context.Settings.Text(Commands.Settings.ScheduleDb) is null && !ScheduleDatabase.HasPlace(path))
        {
            throw new EnvironmentException($"There is no schedule at '{path}': name the lake of the program that schedules (--lake), or its database (--schedule-db).");
        }

        return ScheduleDatabase.Open(path, context.Time, Microsoft.Extensions.Logging.LoggerFactoryExtensions.CreateLogger(context.Loggers, typeof(ScheduleFile)));
    }

    public static string PathOf(VerbContext context) => Path.GetFullPath(Configuration.History(context.Settings, Configuration.Lake(context.Settings)).Database);

    /// <summary>The process that a run or a schedule names, for people.</summary>
    public static string Program(string token) => token.Split('|') is [var machine, var process, ..] ? $"process {process} on {machine}" : token;

    private static ScheduleDatabase Writable(ScheduleDatabase database)
    {
        try
        {
            database.Probe();
            return database;
        }
        catch (SqliteException e)
        {
            throw new ScheduleException($"Cannot write to database '{database.Path}': {Sentence.Of(e)} Check that you may write to it and to its folder.", e);
        }
    }
}
